# A power with a huge modulus.
# expect: limit.cpu_time

pow(3, 10**5000, 10**50000)
