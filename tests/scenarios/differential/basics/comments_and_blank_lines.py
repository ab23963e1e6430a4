# A comment before anything.

x = 1  # trailing comment


# another

def f():
    # only a comment and a docstring follow
    """Documented."""
    return x  # the end


f()
# a comment after the final expression
