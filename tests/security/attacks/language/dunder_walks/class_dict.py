# A class's dict.
# expect: script.runtime
# reaches: mappingproxy
# offending: A.__dict__
# allowed: a.__dict__

class A:
    x = 1


a = A()
a.y = 1
found = A.__dict__
