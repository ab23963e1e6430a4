def countdown(n):
    print("start")
    while n > 0:
        yield n
        n -= 1
    print("end")


g = countdown(3)
print("made")
print(next(g))
for value in g:
    print(value)
try:
    next(g)
except StopIteration as stop:
    print("stopped", stop.value)
list(countdown(2))
