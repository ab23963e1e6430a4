# A power with a huge modulus.
# expect: ?

pow(3, 10**5000, 10**50000)
