# A split that backtracks.
# expect: ?

import re

re.split('(a|aa)+$', 'a' * 60 + 'b')
