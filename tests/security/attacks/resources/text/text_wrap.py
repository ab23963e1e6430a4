# Text wrap.
# expect: limit.memory | limit.cpu_time

import textwrap

textwrap.wrap('a ' * 10**7)
