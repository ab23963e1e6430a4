# Text that grows when it is folded.
# expect: limit.memory

x = 'ß' * 10**7
while True:
    x = x.casefold().replace('s', 'ß')
