# Globals behind a lru_cache.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: __wrapped__
# allowed: cache_info

import functools

found = getattr(functools.lru_cache(len), '__wrapped__')
