# A fraction of a huge exponent.
# expect: limit.cpu_time

from fractions import Fraction

Fraction('1e1000000000')
