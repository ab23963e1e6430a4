# From random import SystemRandom.
# expect: script.forbidden_import
# reaches: type
# offending: SystemRandom
# allowed: Random

from random import SystemRandom as reached

found = reached
