# The dict behind the members.
# expect: script.runtime
# reaches: bool
# offending: 'HACK' in re
# allowed: 'ASCII' in re

import re

got = []


class Q:
    def __eq__(self, other):
        return got.append(other) or True


re.RegexFlag.__members__ == Q()
got[0]['HACK'] = 1
found = 'HACK' in re.RegexFlag.__members__
