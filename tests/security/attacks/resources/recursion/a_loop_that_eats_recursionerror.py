# A loop that eats RecursionError.
# expect: limit.cpu_time

def f():
    try:
        f()
    except RecursionError:
        f()


while True:
    f()
