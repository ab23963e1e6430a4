return await tools.add(a=19, b=23)
