log = []


def e(tag, value=None):
    log.append(tag)
    return value if value is not None else tag


def f(*args, **kwargs):
    log.append("call")
    return args, kwargs


e("fn", f)(e(1), *e("star", [2]), e(3), k=e("kw"), **e("kwargs", {"z": 0}))
[e("a"), *e("b", []), e("c")]
{e("k1"): e("v1"), **e("m", {}), e("k2"): e("v2")}
e("l", 1) + e("r", 2) * e("rr", 3)
e("x", 1) < e("y", 2) < e("z", 3)
e("then") if e("test", 1) else e("else")
e("obj", "abc")[e("i", 0):e("j", 2)]
f"{e('f1')}{e('f2'):>{e('w', 5)}}"
(lambda a=e("default"): a)()


@e("deco1", lambda g: g)
@e("deco2", lambda g: g)
def decorated(a=e("arg default"), *, k=e("kw default")):
    pass


class C(e("base", object)):
    x = e("body")


assert e("assert", True), e("never")
log
