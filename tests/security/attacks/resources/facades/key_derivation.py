# A key that takes a billion rounds.
# expect: ?

import hashlib

hashlib.pbkdf2_hmac('sha256', b'p', b's', 10**9)
