# python: >=3.12
import random

random.seed(3)
random.binomialvariate(10, 0.5)
