class AppError(Exception):
    code = 1

    def __init__(self, message, *, detail=None):
        super().__init__(message)
        self.detail = detail

    def __str__(self):
        base = super().__str__()
        return f"[{self.code}] {base}" + (f" ({self.detail})" if self.detail else "")


class NotFound(AppError):
    code = 404


class Denied(AppError):
    code = 403


def find(key):
    if key == "secret":
        raise Denied("no access", detail=key)
    raise NotFound(f"no {key}")


for key in ("x", "secret"):
    try:
        find(key)
    except NotFound as error:
        print("not found:", error, error.args, error.detail)
    except AppError as error:
        print(type(error).__name__, error, repr(error), error.code)
