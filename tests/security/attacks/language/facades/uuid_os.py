# os of uuid.
# expect: script.forbidden_attribute
# reaches: module
# offending: os
# allowed: UUID

import uuid

found = uuid.os
