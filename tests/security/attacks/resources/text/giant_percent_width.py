# Giant percent width.
# expect: limit.memory

'%1000000000d' % 1
