import re

TEMPLATE = "Hello {{ user.name|upper }}!{% for item in items %}\n- {{ item.title }}: {{ item.price|money }}{% endfor %}\nTotal {{ total|money }}"
FILTERS = {"upper": str.upper, "money": lambda v: f"${v:,.2f}"}


def lookup(path, scope):
    for part in path.split("."):
        scope = scope[part]
    return scope


def render(template, scope):
    def loop(match):
        name, source, body = match.group(1, 2, 3)
        return "".join(render(body, {**scope, name: value}) for value in lookup(source, scope))

    def value(match):
        path, *filters = (p.strip() for p in match[1].split("|"))
        result = lookup(path, scope)
        for name in filters:
            result = FILTERS[name](result)
        return str(result)

    template = re.sub(r"\{% for (\w+) in ([\w.]+) %\}(.*?)\{% endfor %\}", loop, template, flags=re.S)
    return re.sub(r"\{\{(.*?)\}\}", value, template)


items = [{"title": "Pen", "price": 1.5}, {"title": "Desk", "price": 1200}]
print(render(TEMPLATE, {"user": {"name": "ann"}, "items": items, "total": sum(i["price"] for i in items)}))
try:
    render("{{ nope }}", {})
except KeyError as error:
    print("missing", error)
