# Set growth.
# expect: ?

x = set()
for i in range(10**9):
    x.add(str(i) * 10)
