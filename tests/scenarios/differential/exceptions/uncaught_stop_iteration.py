# raises: StopIteration
def first(items):
    return next(iter(items))


print(first([1]))
first([])
