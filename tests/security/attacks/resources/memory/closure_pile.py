# Closure pile.
# expect: limit.memory | limit.cpu_time

x = None
while True:
    x = (lambda y: lambda: y)(x)
