# A tool call driven by hand.
# expect: script.runtime
# reaches: nothing
# offending: c.send
# allowed: c.tool

c = tools.echo(value=1)
found = c.send
await c
