log = []


def inner():
    try:
        raise LookupError("inner")
    except:
        log.append("bare")
        raise


def outer():
    try:
        inner()
    except LookupError as error:
        log.append(str(error))
        raise TypeError("outer") from error


try:
    outer()
except TypeError as error:
    log.append(repr(error))
try:
    raise
except RuntimeError as error:
    log.append(str(error))
try:
    raise ValueError
except ValueError as error:
    log.append(repr(error.args))
try:
    raise "text"
except TypeError as error:
    log.append(str(error))
log
