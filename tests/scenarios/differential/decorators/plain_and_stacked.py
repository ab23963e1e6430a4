def bold(f):
    def wrapper(*args):
        return "<b>" + f(*args) + "</b>"

    return wrapper


def shout(f):
    def wrapper(*args):
        return f(*args).upper()

    return wrapper


@bold
@shout
def greet(name):
    return "hello " + name


greet("ann")
