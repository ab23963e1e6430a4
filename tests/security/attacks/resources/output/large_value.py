# A value of fifty megabytes.
# expect: ?

return 'x' * 50_000_000
