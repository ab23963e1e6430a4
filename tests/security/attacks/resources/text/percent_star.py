# A width out of a tuple.
# expect: ?

'%*d' % (10**9, 1)
