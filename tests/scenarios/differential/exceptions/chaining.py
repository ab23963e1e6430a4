class ConfigError(Exception):
    pass


def load(text):
    try:
        return int(text)
    except ValueError as error:
        raise ConfigError(f"bad number {text!r}") from error


try:
    load("abc")
except ConfigError as error:
    print(error)
try:
    try:
        {}["k"]
    except KeyError:
        raise RuntimeError("second")
except RuntimeError as error:
    print(error, error.args)
try:
    try:
        1 / 0
    except ZeroDivisionError as original:
        raise ValueError("hidden") from None
except ValueError as error:
    print(error)
saved = None
try:
    raise ValueError("kept")
except ValueError as error:
    saved = error
print(repr(saved))
try:
    error
except NameError as gone:
    print(gone)
