# Import os.
# expect: script.forbidden_import
# reaches: module
# offending: os
# allowed: json

import json

import os as reached

found = reached
