# A fraction of a huge exponent.
# expect: ?

from fractions import Fraction

Fraction('1e1000000000')
