# A digest of a billion bytes.
# expect: limit.memory

import hashlib

hashlib.shake_256(b'x').digest(10**10)
