# A value of fifty megabytes.
# expect: limit.memory

return 'x' * 50_000_000
