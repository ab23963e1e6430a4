# Calls without end.
# expect: ?

while True:
    await tools.echo(value=1)
