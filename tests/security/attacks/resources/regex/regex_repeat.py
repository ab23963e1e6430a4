# Regex repeat.
# expect: ?

import re

re.match('(?:a?){60}a{60}', 'a' * 60)
