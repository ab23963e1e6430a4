# raises: AttributeError
class Locked:
    @property
    def value(self):
        return 1


def change(obj):
    while True:
        obj.value = 2


change(Locked())
