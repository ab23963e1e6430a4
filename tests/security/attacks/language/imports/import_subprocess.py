# Import subprocess.
# expect: script.forbidden_import
# reaches: module
# offending: subprocess
# allowed: operator

import operator

import subprocess as reached

found = reached
