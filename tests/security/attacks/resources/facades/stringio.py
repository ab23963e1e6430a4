# A file in memory without end.
# expect: limit.memory

import io

f = io.StringIO()
while True:
    f.write('x' * 10**6)
