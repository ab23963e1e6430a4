# An argument of fifty megabytes.
# expect: ?

await tools.echo(value='x' * 50_000_000)
