def smallest_factor(n):
    k = 2
    while k * k <= n:
        if n % k == 0:
            break
        k += 1
    else:
        return n
    return k


odd = []
n = 0
while True:
    n += 1
    if n % 2 == 0:
        continue
    if n > 9:
        break
    odd.append(n)
print([smallest_factor(k) for k in (15, 17, 49, 97, 2)])
return odd
