# Calls that are made and not awaited.
# expect: ?

kept = []
while True:
    kept.append(tools.echo(value=1))
