class Log:
    def __init__(self):
        self.seen = []

    def __iadd__(self, o):
        self.seen.append(f"+= {o}")
        return self

    def __isub__(self, o):
        self.seen.append(f"-= {o}")
        return self

    def __imul__(self, o):
        self.seen.append(f"*= {o}")
        return self

    def __itruediv__(self, o):
        self.seen.append(f"/= {o}")
        return self

    def __ifloordiv__(self, o):
        self.seen.append(f"//= {o}")
        return self

    def __imod__(self, o):
        self.seen.append(f"%= {o}")
        return self

    def __ipow__(self, o):
        self.seen.append(f"**= {o}")
        return self

    def __ilshift__(self, o):
        self.seen.append(f"<<= {o}")
        return self

    def __irshift__(self, o):
        self.seen.append(f">>= {o}")
        return self

    def __iand__(self, o):
        self.seen.append(f"&= {o}")
        return self

    def __ixor__(self, o):
        self.seen.append(f"^= {o}")
        return self

    def __ior__(self, o):
        self.seen.append(f"|= {o}")
        return self

    def __imatmul__(self, o):
        self.seen.append(f"@= {o}")
        return self


log = Log()
same = log
log += 1
log -= 2
log *= 3
log /= 4
log //= 5
log %= 6
log **= 7
log <<= 8
log >>= 9
log &= 10
log ^= 11
log |= 12
log @= 13
holder = [log]
holder[0] += "item"
log is same, log.seen
