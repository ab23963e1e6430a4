# Calls without end whose errors are swallowed.
# expect: ?

while True:
    try:
        await tools.echo(value=1)
    except BaseException:
        pass
