# raises: ImportError
from math import pie
