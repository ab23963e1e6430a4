# A named tuple of thousands of fields.
# expect: limit.cpu_time

from collections import namedtuple

while True:
    namedtuple('N', ['x%d' % i for i in range(2000)])
