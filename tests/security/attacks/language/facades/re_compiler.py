# _compiler of re.
# expect: script.forbidden_attribute
# reaches: module
# offending: _compiler
# allowed: compile

import re

found = re._compiler
