class Outer:
    class Inner:
        value = 5

        def double(self):
            return self.value * 2

    inner = Inner()
    limits = {name: len(name) for name in ("low", "high")}

    if limits["low"] == 3:
        def conditional(self):
            return "low is 3"
    else:
        def conditional(self):
            return "never"

    for _n in range(2):
        pass

    def make(self):
        class Local(self.Inner):
            value = 50

        return Local()


o = Outer()
print(Outer.Inner().double(), o.inner.double(), o.make().double(), o.conditional(), Outer._n)
Outer.limits
