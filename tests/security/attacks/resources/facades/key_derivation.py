# A key that takes a billion rounds.
# expect: limit.cpu_time

import hashlib

hashlib.pbkdf2_hmac('sha256', b'p', b's', 10**9)
