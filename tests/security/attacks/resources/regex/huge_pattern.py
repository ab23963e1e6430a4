# A pattern with a huge repetition.
# expect: ?

import re

re.compile('(?:' * 50 + 'a{1000}' + '){1000}' * 50)
