# An f-string of many parts.
# expect: ?

x = f"{1}{2}{3}"  # times: 3500
while True:
    pass
