# Nested sharing as argument.
# expect: ?

a = ['x'] * 10
for _ in range(50):
    a = [a] * 10
await tools.echo(value=a)
