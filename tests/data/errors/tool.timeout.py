return await tools.slow()
