import re


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


print([snake(n) for n in ("camelCase", "HTTPServer", "simple", "getUserId")])
[camel(n) for n in ("snake_case_name", "one", "a_b_c")]
