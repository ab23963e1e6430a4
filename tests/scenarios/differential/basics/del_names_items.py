values = list(range(10))
del values[0], values[-1]
del values[2:4]
del values[::3]
ages = {"ann": 3, "bob": 5, "cy": 9}
del ages["bob"]
x = 1
del x
try:
    print(x)
except NameError as error:
    print("gone:", error)
return [values, ages]
