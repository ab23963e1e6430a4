# A slice that is assigned to without measure.
# expect: limit.memory

x = []
while True:
    x[len(x) :] = [0] * 10**5
