group = ExceptionGroup("top", [ValueError("v1"), ExceptionGroup("sub", [TypeError("t"), ValueError("v2")]), OSError("o")])
matched, rest = group.split(ValueError)
print(matched, [type(e).__name__ for e in matched.exceptions])
print(rest, [type(e).__name__ for e in rest.exceptions])
only = group.subgroup(lambda e: isinstance(e, TypeError))
print(only.exceptions[0].exceptions, group.message, len(group.exceptions))
print(group.subgroup(KeyError), isinstance(group, Exception), BaseExceptionGroup("b", [KeyError()]).message)


def leaves(error):
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from leaves(inner)
    else:
        yield error


[str(e) for e in leaves(group)]
