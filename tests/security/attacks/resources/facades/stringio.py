# A file in memory without end.
# expect: ?

import io

f = io.StringIO()
while True:
    f.write('x' * 10**6)
