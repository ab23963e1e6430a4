# Quantiles of millions of numbers.
# expect: limit.memory

import statistics

statistics.quantiles(range(10**8), n=10**7)
