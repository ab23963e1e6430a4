# A fraction of a huge decimal.
# expect: limit.cpu_time

from decimal import Decimal
from fractions import Fraction

Fraction(Decimal('1e999999'))  # a number of a million digits
Fraction(Decimal('1e999999999'))
