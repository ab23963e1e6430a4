# A memoryview.
# expect: script.forbidden_attribute
# reaches: memoryview
# offending: getbuffer
# allowed: getvalue

import io

found = io.BytesIO(b'x').getbuffer()
