# A method __annotate__.
# expect: script.forbidden_name
# reaches: nothing
# offending: __annotate__
# allowed: _annotate_

found = []


class A:
    x = 1

    def __annotate__(self, *args):
        found.append(args)
        return None


found = found or A
