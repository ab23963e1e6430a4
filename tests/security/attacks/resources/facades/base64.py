# A number read from a hundred megabytes of base 85.
# expect: limit.memory

import base64

x = base64.b85encode(b'x' * 10**8)
