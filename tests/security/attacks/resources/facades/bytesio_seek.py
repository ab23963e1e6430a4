# A file in memory with a hole.
# expect: limit.memory

import io

f = io.BytesIO()
f.seek(10**12)
f.write(b"x")
