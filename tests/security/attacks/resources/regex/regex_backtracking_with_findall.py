# Regex backtracking with findall.
# expect: limit.cpu_time

import re

re.findall('(x+x+)+y', 'x' * 60)
