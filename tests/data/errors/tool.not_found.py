return await tools.ecko(value=1)
