rows = [(1, None, "root"), (2, 1, "docs"), (3, 1, "src"), (4, 3, "lib"), (5, 3, "main.py"), (6, 2, "readme")]
nodes = {i: {"name": name, "children": []} for i, _, name in rows}
root = None
for i, parent, _ in rows:
    if parent is None:
        root = nodes[i]
    else:
        nodes[parent]["children"].append(nodes[i])


def draw(node, prefix="", last=True, top=True):
    print(node["name"] if top else prefix + ("└── " if last else "├── ") + node["name"])
    inner = "" if top else prefix + ("    " if last else "│   ")
    for k, child in enumerate(node["children"]):
        draw(child, inner, k == len(node["children"]) - 1, False)


def count(node):
    return 1 + sum(map(count, node["children"]))


draw(root)
print(count(root))
return root
