# Text wrap.
# expect: ?

import textwrap

textwrap.wrap('a ' * 10**7)
