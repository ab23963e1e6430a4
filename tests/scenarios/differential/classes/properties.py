class Temperature:
    def __init__(self, celsius):
        self.celsius = celsius

    @property
    def celsius(self):
        return self._celsius

    @celsius.setter
    def celsius(self, value):
        if value < -273.15:
            raise ValueError("below absolute zero")
        self._celsius = value

    @celsius.deleter
    def celsius(self):
        print("resetting")
        self._celsius = 0

    @property
    def fahrenheit(self):
        """Degrees Fahrenheit."""
        return self.celsius * 9 / 5 + 32


t = Temperature(100)
print(t.fahrenheit)
t.celsius = -40
print(t.celsius, t.fahrenheit)
t.celsius += 50
del t.celsius
print(t.celsius)
for attempt in (lambda: setattr(t, "celsius", -300), lambda: setattr(t, "fahrenheit", 1)):
    try:
        attempt()
    except (ValueError, AttributeError) as error:
        print(type(error).__name__, error)
