# Translate.
# expect: limit.memory

('a' * 10**6).translate({97: 'b' * 10**4})
