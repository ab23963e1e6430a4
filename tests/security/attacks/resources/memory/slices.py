# A slice that is assigned to without measure.
# expect: ?

x = []
while True:
    x[len(x) :] = [0] * 10**5
