import operator
import re

TABLE = [{"name": "ann", "age": 30, "city": "oslo"}, {"name": "bob", "age": 25, "city": "rome"}, {"name": "cy", "age": 35, "city": "oslo"}]
OPS = {"=": operator.eq, ">": operator.gt, "<": operator.lt, "!=": operator.ne, ">=": operator.ge}


def query(sql):
    m = re.fullmatch(r"select (?P<cols>.+?) from t(?: where (?P<where>.+?))?(?: order by (?P<order>\w+)(?P<desc> desc)?)?(?: limit (?P<limit>\d+))?", sql, re.I)
    if not m:
        raise ValueError(f"syntax error: {sql}")
    rows = TABLE
    for condition in re.split(r"\s+and\s+", m["where"] or "", flags=re.I):
        if condition:
            column, sign, value = re.match(r"(\w+)\s*(!=|>=|=|>|<)\s*'?([\w]+)'?", condition).groups()
            value = int(value) if value.isdigit() else value
            rows = [r for r in rows if OPS[sign](r[column], value)]
    if m["order"]:
        rows = sorted(rows, key=operator.itemgetter(m["order"]), reverse=bool(m["desc"]))
    if m["limit"]:
        rows = rows[: int(m["limit"])]
    if m["cols"] == "count(*)":
        return len(rows)
    columns = list(TABLE[0]) if m["cols"] == "*" else [c.strip() for c in m["cols"].split(",")]
    return [{c: r[c] for c in columns} for r in rows]


print(query("select count(*) from t where age > 26"))
try:
    query("drop table t")
except ValueError as error:
    print(error)
[query("select name, age from t where city = 'oslo' order by age desc"), query("SELECT * FROM t ORDER BY name LIMIT 1")]
