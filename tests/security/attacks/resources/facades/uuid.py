# Identifiers without end.
# expect: limit.memory | limit.cpu_time

import uuid

kept = []
while True:
    kept.append(uuid.uuid4())
