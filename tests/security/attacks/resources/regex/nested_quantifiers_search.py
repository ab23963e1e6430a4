# A search that backtracks.
# expect: limit.cpu_time

import re

re.search(r'^(\w+\s?)*$', 'word ' * 30 + '!')
