def attempt(change):
    try:
        change()
    except (AttributeError, TypeError) as error:
        return type(error).__name__
    return "changed"


def set_item():
    context["model"] = "other"


def set_limit():
    context.limits["tool_calls"] = 10**6


return [attempt(set_item), attempt(set_limit), attempt(lambda: setattr(context, "model", "other")), context.model]
