# A template that lies about its content.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

class S(str):
    def __contains__(self, part):
        return False

    def __str__(self):
        return 'harmless'


found = S('{0.__class__}').format(1)
