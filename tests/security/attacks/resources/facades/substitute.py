# A template that grows.
# expect: limit.memory

import string

x = '$a$a'
while True:
    x = string.Template(x).substitute(a=x)
