# A method __prepare__.
# expect: script.forbidden_name
# reaches: nothing
# offending: __prepare__
# allowed: _prepare_

found = []


class A:
    x = 1

    def __prepare__(self, *args):
        found.append(args)
        return None


found = found or A
