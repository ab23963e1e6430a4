class History(list):
    limit = 3

    def append(self, item):
        super().append(item)
        while len(self) > self.limit:
            self.pop(0)

    @property
    def latest(self):
        return self[-1] if self else None


h = History()
for n in range(6):
    h.append(n)
print(h, h.latest, isinstance(h, list), h + [9], sum(h))
return h
