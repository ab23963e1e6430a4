# limits: result_bytes=100
return await tools.echo(value=list(range(100)))
