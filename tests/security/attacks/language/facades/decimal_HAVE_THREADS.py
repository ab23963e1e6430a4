# HAVE_THREADS of decimal.
# expect: script.forbidden_attribute
# reaches: bool
# offending: HAVE_THREADS
# allowed: Decimal

import decimal

found = decimal.HAVE_THREADS
