import json as j, math
from math import pi as PI, sqrt
import urllib.parse
import collections.abc as cabc
import collections.abc


def lazy():
    import statistics
    from functools import reduce as fold

    return statistics.mean([1, 2]), fold(lambda a, b: a + b, [1, 2, 3])


class Holder:
    import base64

    from string import digits

    def encode(self, text):
        return self.base64.b64encode(text.encode()).decode()


if PI > 3:
    from textwrap import shorten
else:
    shorten = None
try:
    import re
except ImportError:
    re = None
for _ in range(2):
    import heapq
print(j.dumps([PI]), sqrt(4), math.floor(2.5), urllib.parse.quote("a b"), isinstance([], cabc.Sequence), isinstance({}, collections.abc.Mapping))
lazy(), Holder().encode("x"), Holder.digits, shorten("a b", 5), re.findall("b", "abb"), heapq.nlargest(1, [1, 3])
