def singleton(cls):
    instances = {}

    def get(*args, **kwargs):
        if cls not in instances:
            instances[cls] = cls(*args, **kwargs)
        return instances[cls]

    return get


def register(registry):
    def decorate(cls):
        registry[cls.__name__.lower()] = cls
        return cls

    return decorate


plugins = {}


@singleton
class Settings:
    def __init__(self):
        self.values = {}


@register(plugins)
class Json:
    kind = "text"


@register(plugins)
class Png:
    kind = "binary"


Settings().values["a"] = 1
print(Settings() is Settings(), Settings().values)
{name: cls.kind for name, cls in plugins.items()}
