# Calls that are made and not awaited.
# expect: limit.memory | limit.cpu_time

kept = []
while True:
    kept.append(tools.echo(value=1))
