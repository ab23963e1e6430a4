# Millions of keyword arguments.
# expect: ?

dict(**{str(i): 'x' * 1000 for i in range(10**6)})
