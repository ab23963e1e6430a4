# Calls without end whose errors are swallowed.
# expect: limit.tool_calls

while True:
    try:
        await tools.echo(value=1)
    except BaseException:
        pass
