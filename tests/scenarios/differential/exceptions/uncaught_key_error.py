# raises: KeyError
config = {"host": "localhost"}
print("before")
config["port"]
