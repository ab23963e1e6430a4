# raises: IndexError
class Config:
    values = [1, 2]
    first = values[0]
    for i in range(5):
        last = values[i]
