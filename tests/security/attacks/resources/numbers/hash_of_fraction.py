# A hash of a huge fraction.
# expect: limit.cpu_time

from fractions import Fraction

x = 10**10**6
while True:
    hash(Fraction(1, x))
    x = x * x
