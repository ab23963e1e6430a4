return await tools.echo(text=1)
