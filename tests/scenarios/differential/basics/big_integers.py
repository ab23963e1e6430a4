def digits_sum(n):
    return sum(int(d) for d in str(n))


fact = 1
for k in range(2, 101):
    fact *= k
print(digits_sum(fact), digits_sum(2**1000))
print(2**200 // 3**50, (2**200) % 10**9, -(2**70) >> 3)
return [2**64, -(2**63), 10**30, fact % 1000003]
