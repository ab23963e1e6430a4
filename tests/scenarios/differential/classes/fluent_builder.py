class Query:
    def __init__(self, table):
        self._table, self._where, self._order, self._limit = table, [], None, None

    def where(self, **conditions):
        self._where += [f"{k} = {v!r}" for k, v in conditions.items()]
        return self

    def order_by(self, column, desc=False):
        self._order = column + (" DESC" if desc else "")
        return self

    def limit(self, n):
        self._limit = n
        return self

    def __str__(self):
        parts = [f"SELECT * FROM {self._table}"]
        if self._where:
            parts.append("WHERE " + " AND ".join(self._where))
        if self._order:
            parts.append(f"ORDER BY {self._order}")
        if self._limit is not None:
            parts.append(f"LIMIT {self._limit}")
        return " ".join(parts)


str(Query("users").where(age=30, name="Ann").order_by("id", desc=True).limit(5))
