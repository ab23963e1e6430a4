# An exception that is told of its traceback.
# expect: script.runtime
# reaches: type
# offending: __setattr__
# allowed: __getattr__

class E(Exception):
    def __setattr__(self, name, value):
        pass


found = E
