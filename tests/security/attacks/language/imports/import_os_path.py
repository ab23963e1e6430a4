# Import os.path.
# expect: script.forbidden_import
# reaches: module
# offending: os.path
# allowed: urllib.parse

import os.path as reached

found = reached
