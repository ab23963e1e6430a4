# Import inspect.
# expect: script.forbidden_import
# reaches: module
# offending: inspect
# allowed: typing

import typing

import inspect as reached

found = reached
