# raises: KeyError
class Registry:
    def __init__(self):
        self._items = {}

    def get(self, name):
        return [self._items[key] for key in (name,)][0]


def lookup(registry, *names):
    for name in names:
        try:
            value = (lambda n: registry.get(n))(name)
        finally:
            print("looked up", name)
    return value


def main():
    registry = Registry()
    lookup(registry,
           "missing")


main()
