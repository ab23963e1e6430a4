# From dataclasses import make_dataclass.
# expect: script.forbidden_import
# reaches: function
# offending: make_dataclass
# allowed: dataclass

from dataclasses import make_dataclass as reached

found = reached
