# A fraction of a huge decimal.
# expect: ?

from decimal import Decimal
from fractions import Fraction

Fraction(Decimal('1e999999'))  # a number of a million digits
Fraction(Decimal('1e999999999'))
