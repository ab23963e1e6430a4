# Nested sharing as argument.
# expect: limit.arguments

a = ['x'] * 10
for _ in range(50):
    a = [a] * 10
await tools.echo(value=a)
