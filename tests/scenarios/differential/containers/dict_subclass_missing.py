class Zero(dict):
    def __missing__(self, key):
        return 0


class Lower(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key.lower(), value)

    def __getitem__(self, key):
        return super().__getitem__(key.lower())

    def __contains__(self, key):
        return super().__contains__(key.lower())


z = Zero(a=1)
z["b"] += 5
low = Lower()
low["Content-Type"] = "json"
print(z, z["none"], low["CONTENT-type"], "content-TYPE" in low, len(low))
return [z, low]
