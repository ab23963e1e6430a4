def show(*args, sep="-", **kwargs):
    return sep.join(map(str, args)) + str(sorted(kwargs.items()))


nums = [1, 2]
opts = {"sep": "+", "z": 1}
print(show(*nums, 3, *(4, 5), **opts, a=0))
merged = [*nums, *range(3), *"xy"]
combined = {**{"a": 1, "b": 2}, "b": 3, **{"c": 4}}
bag = {*nums, *[2, 3]}
t = *nums, 9
return merged, combined, sorted(bag), t
