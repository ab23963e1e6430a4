# raises: AttributeError
class User:
    def __init__(self, name):
        self.name = name


print(User("ann").name)
User("bob").email
