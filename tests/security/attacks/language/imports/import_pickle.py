# Import pickle.
# expect: script.forbidden_import
# reaches: module
# offending: pickle
# allowed: hashlib

import pickle as reached

found = reached
