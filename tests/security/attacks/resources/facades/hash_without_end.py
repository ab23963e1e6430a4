# A digest that is fed without end.
# expect: limit.cpu_time

import hashlib

h = hashlib.sha256()
while True:
    h.update(b'x' * 10**7)
