class Attrs(dict):
    __getattr__ = dict.get
    __setattr__ = dict.__setitem__


class Strict(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name, value):
        self[name] = value

    def __delattr__(self, name):
        del self[name]


class Bunch:
    def __init__(self, **fields):
        self.__dict__.update(fields)

    def __eq__(self, other):
        return self.__dict__ == other.__dict__

    def __repr__(self):
        return f"{self.__class__.__name__}({', '.join(f'{k}={v!r}' for k, v in self.__dict__.items())})"


a, s = Attrs(x=1), Strict(y=2)
a.z = 3
s.w = 4
del s.y
print(a.x, a.z, a.missing, a, s.w, s, hasattr(s, "y"))
print(Bunch(a=1), Bunch(a=1) == Bunch(a=1), Bunch(a=1) == Bunch(a=2), sorted(Bunch(q=1, p=2).__dict__))
