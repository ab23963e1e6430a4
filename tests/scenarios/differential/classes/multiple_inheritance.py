class Base:
    def hello(self):
        return ["Base"]


class Left(Base):
    def hello(self):
        return ["Left", *super().hello()]


class Right(Base):
    def hello(self):
        return ["Right", *super().hello()]


class Both(Left, Right):
    def hello(self):
        return ["Both", *super().hello()]


class JsonMixin:
    def to_json(self):
        import json

        return json.dumps(self.data(), sort_keys=True)


class Item(JsonMixin, Base):
    def __init__(self, **fields):
        self.fields = fields

    def data(self):
        return dict(self.fields, hello=self.hello())


print(Item(b=1, a=2).to_json())
Both().hello()
