# Giant f-string width.
# expect: ?

w = 10**10
return f'{1:>{w}}'
