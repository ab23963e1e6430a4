return await tools.read_file(path="../elsewhere.txt")
