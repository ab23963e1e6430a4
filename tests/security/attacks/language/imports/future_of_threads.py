# A module of threads.
# expect: script.forbidden_import
# reaches: module
# offending: concurrent.futures
# allowed: urllib.parse

import concurrent.futures as reached

found = reached
