# raises: NotImplementedError
def register(kind):
    def decorate(f):
        raise NotImplementedError(f"no {kind} handlers: {f.__name__}")

    return decorate


@register("http")
def handler():
    pass
