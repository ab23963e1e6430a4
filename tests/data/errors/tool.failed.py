return await tools.fail()
