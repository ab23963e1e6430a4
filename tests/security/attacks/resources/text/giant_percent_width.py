# Giant percent width.
# expect: ?

'%1000000000d' % 1
