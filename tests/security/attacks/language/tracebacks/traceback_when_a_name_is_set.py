# The traceback when a name is set.
# expect: script.runtime
# reaches: traceback
# offending: append(tb)
# allowed: append(error)

found = []


class D:
    def __set_name__(self, cls, name):
        with cls():
            1 / 0


class C:
    d = D()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, tb):
        return found.append(tb) or True


found = found[0]
