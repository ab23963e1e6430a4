# python: >=3.12
import math

math.sumprod([1, 2, 3], [4, 5, 6])
