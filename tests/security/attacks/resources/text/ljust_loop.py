# Text that is widened again and again.
# expect: limit.memory

x = 'a'
while True:
    x = x.ljust(len(x) * 2)
