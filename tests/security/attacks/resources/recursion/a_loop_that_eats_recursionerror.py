# A loop that eats RecursionError.
# expect: ?

def f():
    try:
        f()
    except RecursionError:
        f()


while True:
    f()
