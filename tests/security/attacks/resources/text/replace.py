# Replace.
# expect: ?

('a' * 10**6).replace('a', 'b' * 10**4)
