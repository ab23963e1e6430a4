# The traceback in a static __exit__.
# expect: script.runtime
# reaches: traceback
# offending: args[-1]
# allowed: args[-2]

found = []


class C:
    def __enter__(self):
        return self

    @staticmethod
    def __exit__(*args):
        return found.append(args[-1]) or True


with C():
    1 / 0
found = found[0]
