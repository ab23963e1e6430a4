steps = []
try:
    steps.append("try")
    return steps
finally:
    steps.append("finally")
    print(steps)
