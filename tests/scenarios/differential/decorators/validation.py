def validate(**types):
    def decorator(f):
        def wrapper(**kwargs):
            for name, kind in types.items():
                if name in kwargs and not isinstance(kwargs[name], kind):
                    raise TypeError(f"{name} must be {kind.__name__}, not {type(kwargs[name]).__name__}")
            return f(**kwargs)

        return wrapper

    return decorator


@validate(name=str, age=int)
def person(name, age):
    return f"{name} ({age})"


print(person(name="Ann", age=3))
try:
    person(name="Ann", age="3")
except TypeError as error:
    print(error)
