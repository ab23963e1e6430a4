files = await tools.serach_files(pattern="*.py")
return len(files)
