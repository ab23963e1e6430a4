# A width of bytes.
# expect: limit.memory

b'%1000000000d' % 1
