# Calls without end.
# expect: limit.tool_calls

while True:
    await tools.echo(value=1)
