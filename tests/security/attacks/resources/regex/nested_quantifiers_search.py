# A search that backtracks.
# expect: ?

import re

re.search(r'^(\w+\s?)*$', 'word ' * 30 + '!')
