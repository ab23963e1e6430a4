# Big integer parsed.
# expect: ?

int('9' * 10**7)
