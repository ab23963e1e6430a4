# _os of random.
# expect: script.forbidden_attribute
# reaches: module
# offending: _os
# allowed: choice

import random

found = random._os
