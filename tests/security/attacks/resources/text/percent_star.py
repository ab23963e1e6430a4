# A width out of a tuple.
# expect: limit.memory

'%*d' % (10**9, 1)
