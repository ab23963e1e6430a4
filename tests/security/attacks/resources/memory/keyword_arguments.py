# Millions of keyword arguments.
# expect: limit.memory | limit.cpu_time

dict(**{str(i): 'x' * 1000 for i in range(10**6)})
