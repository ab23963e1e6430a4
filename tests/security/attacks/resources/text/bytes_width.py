# A width of bytes.
# expect: ?

b'%1000000000d' % 1
