# Thousands of functions.
# expect: ?

def f(): return [f() for x in f for y in f for z in f]  # times: 900
f()
