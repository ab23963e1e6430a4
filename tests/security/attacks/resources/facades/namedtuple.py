# A named tuple of thousands of fields.
# expect: ?

from collections import namedtuple

while True:
    namedtuple('N', ['x%d' % i for i in range(2000)])
