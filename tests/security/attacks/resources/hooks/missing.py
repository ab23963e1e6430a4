# A dict that fills itself.
# expect: limit.memory

from collections import defaultdict


class D(dict):
    def __missing__(self, key):
        self[key] = bytearray(10**5)
        return self[key + 1]


D()[0]
