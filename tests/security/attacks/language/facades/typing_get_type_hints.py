# get_type_hints of typing.
# expect: script.forbidden_attribute
# reaches: function
# offending: get_type_hints
# allowed: get_args

import typing

found = typing.get_type_hints
