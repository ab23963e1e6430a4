# Globals in the hook __getitem__.
# expect: script.runtime
# reaches: dict
# offending: "__globals__"
# allowed: "__name__"

import json


class A:
    def __getitem__(self, other):
        return getattr(other, "__globals__")


found = A()[json.dumps]
