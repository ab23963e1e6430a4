# raises: NotImplementedError
class Base:
    def run(self):
        raise NotImplementedError(f"{type(self).__name__} must define run()")


class Child(Base):
    pass


Child().run()
