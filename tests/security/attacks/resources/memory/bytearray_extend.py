# A bytearray of an endless iterator.
# expect: ?

import itertools

bytearray(itertools.repeat(1))
