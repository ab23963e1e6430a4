# The object of an own AttributeError.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: .obj
# allowed: .name

class E(AttributeError):
    pass


try:
    raise E("x", name="n", obj=len)
except E as e:
    found = e.obj
