# limits: tool_calls=1
await tools.echo(value=1)
await tools.echo(value=2)
