# A bytearray of an endless iterator.
# expect: limit.memory | limit.cpu_time

import itertools

bytearray(itertools.repeat(1))
