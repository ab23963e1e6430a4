# Regex repeat.
# expect: limit.cpu_time

import re

re.match('(?:a?){60}a{60}', 'a' * 60)
