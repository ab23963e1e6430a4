_ = "underscore"
__ = "two"
_private = 3
match = "soft keyword"
case = [1]
type = "kind"
self = "not special"
cls = 1
async_ = True
for _ in range(3):
    pass


def print_(_x, *_args, **_kwargs):
    __local = _x
    return __local, _args, _kwargs


class K:
    _protected = "p"
    match = 1

    def case(self, _=None):
        return self._protected, self.match, _


match match:
    case "soft keyword":
        print("matched")
_, x, _ = 1, 2, 3
print(_, __, _private, print_(1, 2, k=3), K().case(4), case[0], self, type)
lambda _: _
(lambda _a, _b=2: _a + _b)(1)
