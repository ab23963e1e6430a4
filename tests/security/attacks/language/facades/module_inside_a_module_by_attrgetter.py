# A module inside a module, by attrgetter.
# expect: script.runtime
# reaches: function
# offending: codecs.open
# allowed: dumps

import json, operator

found = operator.attrgetter('codecs.open')(json)
