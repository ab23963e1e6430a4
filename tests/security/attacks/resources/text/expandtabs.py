# Expandtabs.
# expect: limit.memory

('\t' * 10**5).expandtabs(10**6)
