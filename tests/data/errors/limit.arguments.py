# limits: argument_bytes=100
await tools.echo(value="x" * 1000)
