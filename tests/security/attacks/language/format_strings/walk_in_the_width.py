# A walk in the width.
# expect: script.runtime
# reaches: nothing
# offending: {1.__class__.__name__}
# allowed: {1.real}

class A:
    one = 1


found = '{0:{1.__class__.__name__}}'.format('x', 1)
