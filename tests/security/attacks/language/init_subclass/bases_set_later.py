# Other bases that are set when the class is made.
# expect: script.runtime
# reaches: type
# offending: __bases__
# allowed: bases

class D:
    pass


class B:
    def __init_subclass__(cls):
        if cls.__name__ == "C":
            setattr(cls, "__bases__", (D,))


class C(B):
    pass


found = C
