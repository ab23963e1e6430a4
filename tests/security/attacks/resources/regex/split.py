# A split that backtracks.
# expect: limit.cpu_time

import re

re.split('(a|aa)+$', 'a' * 60 + 'b')
