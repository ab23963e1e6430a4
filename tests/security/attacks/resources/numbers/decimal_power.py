# Decimal power.
# expect: limit.cpu_time

from decimal import Decimal, getcontext

getcontext().prec = 10**6
getcontext().Emax = 10**17
while True:
    Decimal(3) ** (10**8)
