# raises: NameError
items = [1, 2, 3]
totl = sum(items)
print(totl)
return total_
