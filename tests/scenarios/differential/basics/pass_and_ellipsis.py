def later():
    ...


class Empty:
    pass


if True:
    pass
else:
    ...
print(later(), ..., Ellipsis is ...)
isinstance(Empty(), Empty)
