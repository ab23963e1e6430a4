class Date:
    count = 0

    def __init__(self, y, m, d):
        self.parts = (y, m, d)
        Date.count += 1

    @classmethod
    def parse(cls, text):
        return cls(*map(int, text.split("-")))

    @staticmethod
    def is_leap(year):
        return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)

    @classmethod
    def total(cls):
        return cls.count


class Special(Date):
    pass


d = Special.parse("2024-02-29")
print(type(d).__name__, d.parts, Date.is_leap(1900), d.is_leap(2000), Special.total(), Date.count)
parse = Date.parse
parse("2020-01-01").parts
