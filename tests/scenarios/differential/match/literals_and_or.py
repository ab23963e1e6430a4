def http(status):
    match status:
        case 200 | 201 | 204:
            return "ok"
        case 301 | 302:
            return "redirect"
        case 404:
            return "missing"
        case "teapot":
            return "short and stout"
        case -1:
            return "negative"
        case 1.5:
            return "float"
        case 3 + 4j:
            return "complex"
        case b"raw":
            return "bytes"
        case None:
            return "none"
        case True:
            return "true"
        case _:
            return "other"


[http(s) for s in (200, 204, 302, 404, "teapot", -1, 1.5, 3 + 4j, b"raw", None, True, "?", 201.0)]
