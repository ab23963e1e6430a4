# __call__ of type.
# expect: script.runtime
# reaches: type
# offending: type.__call__(type, 'B', (), {})
# allowed: A.__call__

class A:
    def __call__(self):
        return 1


found = type.__call__(type, 'B', (), {})
