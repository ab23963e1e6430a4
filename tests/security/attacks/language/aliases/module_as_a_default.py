# A module as a default argument.
# expect: script.runtime
# reaches: module
# offending: codecs
# allowed: loads

import json


def f(data=json):
    return data.codecs


found = f()
