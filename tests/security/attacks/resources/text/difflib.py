# Difflib.
# expect: limit.cpu_time

import difflib

difflib.SequenceMatcher(None, 'ab' * 5000, 'ba' * 5000).ratio()
difflib.ndiff(['x' * 3000] * 300, ['y' * 3000] * 300)
return list(difflib.ndiff([str(i) * 50 for i in range(2000)], [str(i) * 51 for i in range(2000)]))[:1] * 10**9
