# Closure pile.
# expect: ?

x = None
while True:
    x = (lambda y: lambda: y)(x)
