rows = await tools.query(sql="select 1")
for row in rows
    print(row)
