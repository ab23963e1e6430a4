# Identifiers without end.
# expect: ?

import uuid

kept = []
while True:
    kept.append(uuid.uuid4())
