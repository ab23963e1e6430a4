# Set growth.
# expect: limit.memory | limit.cpu_time

x = set()
for i in range(10**9):
    x.add(str(i) * 10)
