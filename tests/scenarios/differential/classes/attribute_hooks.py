class Record:
    def __init__(self, **fields):
        object.__setattr__(self, "fields", fields)

    def __getattr__(self, name):
        try:
            return self.fields[name]
        except KeyError:
            raise AttributeError(f"no field {name!r}") from None

    def __setattr__(self, name, value):
        print("set", name, value)
        self.fields[name] = value

    def __delattr__(self, name):
        del self.fields[name]


class Fallback:
    real = 1

    def __getattr__(self, name):
        return name.upper()


r = Record(a=1)
r.b = 2
r.a += 10
del r.b
print(r.a, hasattr(r, "b"), getattr(r, "zz", "default"))
try:
    r.zz
except AttributeError as error:
    print(error)
f = Fallback()
f.real, f.anything
