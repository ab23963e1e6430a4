# Decimal power.
# expect: ?

from decimal import Decimal, getcontext

getcontext().prec = 10**8
Decimal(3) ** (10**8)
