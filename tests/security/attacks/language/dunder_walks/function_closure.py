# A function's closure.
# expect: script.runtime
# reaches: tuple
# offending: '__clo' + 'sure__'
# allowed: '__name__'

def f(x):
    return lambda: x


found = getattr(f(1), '__clo' + 'sure__')
