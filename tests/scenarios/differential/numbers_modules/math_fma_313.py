# python: >=3.13
import math

math.fma(2.0, 3.0, 4.0)
