tools.echo(value=1)
