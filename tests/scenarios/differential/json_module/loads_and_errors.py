import json
from decimal import Decimal
from io import StringIO

print(json.loads('{"a": [1, 2.5, "x", null, true, {"b": -0.5e3}]}'), json.loads('"\\u00e9\\n"'), json.loads("  [ ] "), json.loads(b"[1]"))
print(json.loads('{"x": 1.10}', parse_float=Decimal), json.loads("[1, 2]", parse_int=str), json.loads("[NaN]", parse_constant=lambda c: c))
print(json.loads('{"a": 1, "b": {"c": 2}}', object_hook=lambda d: sorted(d)), json.loads('{"k":1,"k":2}', object_pairs_hook=list))
for text in ("", "{", "[1,]", "{'a': 1}", '{"a" 1}', "nope", '"open', "[1] extra", "01", '{"a":1,}'):
    try:
        print(json.loads(text))
    except json.JSONDecodeError as error:
        print(repr(text), "line", error.lineno, "col", error.colno, "pos", error.pos)
out = StringIO()
json.dump({"k": [1]}, out, indent=1)
print(out.getvalue(), json.load(StringIO("[5, 6]")))
decoder = json.JSONDecoder()
value, end = decoder.raw_decode('{"a": 1} trailing')
value, end, isinstance(json.JSONDecodeError("m", "d", 0), ValueError)
