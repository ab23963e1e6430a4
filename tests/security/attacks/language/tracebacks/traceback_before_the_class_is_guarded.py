# The traceback before the class is guarded.
# expect: script.runtime
# reaches: traceback
# offending: append(tb)
# allowed: append(error)

found = []


class B:
    def __init_subclass__(cls):
        with cls():
            1 / 0


class C(B):
    def __enter__(self):
        return self

    def __exit__(self, kind, error, tb):
        return found.append(tb) or True


found = found[0]
