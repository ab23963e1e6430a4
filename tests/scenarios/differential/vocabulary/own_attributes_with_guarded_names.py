class Message:
    def __init__(self, obj):
        self.obj, self.sent, self.now = obj, [], "now!"

    def send(self, text):
        self.sent.append(text)
        return self

    def close(self):
        return "closed " + self.obj

    def throw(self, n):
        return n * 2

    def format(self, *parts):
        return "/".join(parts)

    def format_map(self, table):
        return sorted(table)

    def register(self, f):
        return f()

    def today(self):
        return "someday"

    def strptime(self, a, b):
        return a + b

    asend = athrow = aclose = utcnow = send


m = Message("door")
m.obj += "way"
m.send("a").asend("b").athrow("c").aclose("d").utcnow("e")
print(m.sent, m.obj, m.now, m.close(), m.throw(4), m.format("x", "y"), m.format_map({"b": 1, "a": 2}))
m.register(lambda: "registered"), m.today(), m.strptime(1, 2)
