# Big integer parsed.
# expect: script.runtime

int('9' * 10**7)
