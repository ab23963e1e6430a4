from collections import ChainMap, OrderedDict

od = OrderedDict(a=1, b=2, c=3)
od.move_to_end("a")
od.move_to_end("c", last=False)
print(list(od), od.popitem(last=False), od, OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), list(reversed(od)))
defaults, env, flags = {"color": "red", "size": 1}, {"size": 2}, {}
config = ChainMap(flags, env, defaults)
print(config["size"], config["color"], len(config), sorted(config), dict(config))
config["color"] = "blue"
print(flags, defaults, config.maps[0], config.new_child({"size": 9})["size"], config.parents["color"])


class LRU:
    def __init__(self, size):
        self.size, self.data = size, OrderedDict()

    def get(self, key):
        if key not in self.data:
            return -1
        self.data.move_to_end(key)
        return self.data[key]

    def put(self, key, value):
        self.data[key] = value
        self.data.move_to_end(key)
        if len(self.data) > self.size:
            self.data.popitem(last=False)


cache = LRU(2)
cache.put(1, "a")
cache.put(2, "b")
cache.get(1)
cache.put(3, "c")
return [cache.get(k) for k in (1, 2, 3)], od
