# raises: RuntimeError
class Bad:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        raise RuntimeError("exit failed")


with Bad():
    raise ValueError("body")
