# A submodule of a module of the language.
# expect: script.forbidden_import
# reaches: module
# offending: json.decoder
# allowed: urllib.parse

import json.decoder as reached

found = reached
