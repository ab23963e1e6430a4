class Account:
    __bank = "First"
    _count = 0

    def __init__(self, balance):
        self.__balance = balance
        self._log = []
        Account._count += 1

    def deposit(self, amount):
        self.__balance += amount
        self._log.append(amount)
        return self

    def __secret(self):
        return self.__bank + str(self.__balance)

    def reveal(self):
        return self.__secret()

    def same(self, other):
        return self.__balance == other.__balance


class Savings(Account):
    def __init__(self):
        super().__init__(10)
        self.__balance = "separate"


a = Account(5).deposit(3).deposit(4)
s = Savings()
print(a.reveal(), a._log, s.reveal(), Account._count, a.same(Account(12)))
try:
    a.__balance
except AttributeError as error:
    print(error)
