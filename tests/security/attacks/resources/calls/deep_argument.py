# An argument that is nested deeply.
# expect: limit.arguments

a = []
for _ in range(10**5):
    a = [a]
await tools.echo(value=a)
