# An argument of fifty megabytes.
# expect: limit.memory

await tools.echo(value='x' * 50_000_000)
