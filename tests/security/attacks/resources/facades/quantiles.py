# Quantiles of millions of numbers.
# expect: ?

import statistics

statistics.quantiles(range(10**8), n=10**7)
