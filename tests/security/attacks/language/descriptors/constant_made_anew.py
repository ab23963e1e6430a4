# A constant made anew.
# expect: script.runtime
# reaches: UUID
# offending: uuid.UUID.__init__(uuid.NAMESPACE_DNS, int=5)
# allowed: uuid.UUID(int=5)

import uuid

uuid.UUID.__init__(uuid.NAMESPACE_DNS, int=5)
found = uuid.NAMESPACE_DNS
