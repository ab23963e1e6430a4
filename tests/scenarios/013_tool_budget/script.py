out = []
for n in range(10):
    out.append(await tools.square(n=n))
    print(n)
return out
