# Giant f-string width.
# expect: limit.memory

w = 10**10
return f'{1:>{w}}'
