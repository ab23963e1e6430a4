# __about__ of heapq.
# expect: script.forbidden_attribute
# reaches: str
# offending: __about__
# allowed: heappush

import heapq

found = heapq.__about__
