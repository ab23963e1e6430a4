def fetch_page(page, size=3):
    data = [f"row{n}" for n in range(8)]
    chunk = data[page * size:(page + 1) * size]
    return {"rows": chunk, "next": page + 1 if (page + 1) * size < len(data) else None}


def all_rows():
    page = 0
    while page is not None:
        response = fetch_page(page)
        print("page", page, len(response["rows"]))
        yield from response["rows"]
        page = response["next"]


rows = list(all_rows())
return {"count": len(rows), "last": rows[-1]}
