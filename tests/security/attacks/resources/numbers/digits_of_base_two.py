# A number of a hundred million digits in base two.
# expect: limit.memory

bin(1 << 10**10)
