# raises: ZeroDivisionError
rows = [1, 2, 0, 4]
inverse = {
    n: 1 / n
    for n in rows
    if 10 / n > 1
}
