# A number of a hundred million digits in base two.
# expect: ?

bin(1 << 10**10)
