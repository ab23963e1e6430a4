from abc import ABC, abstractclassmethod, abstractmethod, abstractproperty, abstractstaticmethod
import abc


class Base(abc.ABC):
    @abstractproperty
    def name(self):
        ...

    @abstractclassmethod
    def make(cls):
        ...

    @abstractstaticmethod
    def helper():
        ...

    @abc.abstractmethod
    def run(self):
        ...


class Real(Base):
    name = "real"

    @classmethod
    def make(cls):
        return cls()

    @staticmethod
    def helper():
        return "help"

    def run(self):
        return "ran"


try:
    Base()
except TypeError as error:
    print("abstract" in str(error))
r = Real.make()
r.name, r.helper(), r.run(), issubclass(Real, ABC), abstractmethod is abc.abstractmethod
