# _deepcopy_dispatch of copy.
# expect: script.forbidden_attribute
# reaches: dict
# offending: _deepcopy_dispatch
# allowed: copy

import copy

found = copy._deepcopy_dispatch
