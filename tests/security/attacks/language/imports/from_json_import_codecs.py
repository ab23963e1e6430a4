# From json import codecs.
# expect: script.forbidden_import
# reaches: module
# offending: codecs
# allowed: dumps

from json import codecs as reached

found = reached
