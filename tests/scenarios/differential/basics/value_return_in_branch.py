for n in range(2, 100):
    if n % 7 == 0 and n % 5 == 0:
        print("found")
        return {"n": n}
return None
