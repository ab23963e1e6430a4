class R:
    def __init__(self, name):
        self.name = name

    def __radd__(self, o):
        return f"{o}+{self.name}"

    def __rmul__(self, o):
        return f"{o}*{self.name}"

    def __rmatmul__(self, o):
        return f"{o}@{self.name}"

    def __rfloordiv__(self, o):
        return f"{o}//{self.name}"

    def __rmod__(self, o):
        return f"{o}%{self.name}"

    def __rdivmod__(self, o):
        return f"divmod({o},{self.name})"

    def __rlshift__(self, o):
        return f"{o}<<{self.name}"

    def __rrshift__(self, o):
        return f"{o}>>{self.name}"

    def __rand__(self, o):
        return f"{o}&{self.name}"

    def __ror__(self, o):
        return f"{o}|{self.name}"

    def __rxor__(self, o):
        return f"{o}^{self.name}"


r = R("r")
[1 + r, 2 * r, 3 @ r, 4 // r, 5 % r, divmod(6, r), 7 << r, 8 >> r, 9 & r, 10 | r, 11 ^ r]
