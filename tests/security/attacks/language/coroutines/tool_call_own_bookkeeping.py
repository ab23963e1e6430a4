# A tool call's own bookkeeping.
# expect: script.runtime
# reaches: nothing
# offending: c.wrapped
# allowed: c.tool

c = tools.echo(value=1)
found = c.wrapped
await c
