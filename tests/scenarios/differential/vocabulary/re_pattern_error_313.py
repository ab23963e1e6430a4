# python: >=3.13
import re

try:
    re.compile("[")
except re.PatternError as error:
    print(error.msg)
re.PatternError is re.error
