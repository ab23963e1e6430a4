# delattr with a string that lies.
# expect: script.runtime
# reaches: A
# offending: S('x')
# allowed: 'x'

class S(str):
    def __getitem__(self, key):
        return 'x'


class A:
    def __init__(self):
        self.x = 1


a = A()
delattr(a, S('x'))
found = a
