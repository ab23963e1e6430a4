def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def call_later():
    return helper() + 1


def helper():
    return 41


print(is_even(10), is_odd(7), call_later())


def helper():
    return 1


call_later()
