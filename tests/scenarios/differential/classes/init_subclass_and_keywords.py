class Plugin:
    registry = {}

    def __init_subclass__(cls, /, tag=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.tag = tag or cls.__name__.lower()
        Plugin.registry[cls.tag] = cls


class Csv(Plugin):
    pass


class Fancy(Plugin, tag="fancy!"):
    def run(self):
        return "ran " + self.tag


print(list(Plugin.registry), Csv.tag)
Plugin.registry["fancy!"]().run()
