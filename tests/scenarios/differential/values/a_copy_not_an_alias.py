config = {"list": [1]}
result = {"config": config, "list": config["list"]}
config["list"].append(2)
config["late"] = True
result
