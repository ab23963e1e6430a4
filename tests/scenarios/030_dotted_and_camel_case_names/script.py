listing = await tools.spawn.list(all=True)
patched = await tools.applyPatch(patch="*** Begin Patch")
return [listing, patched]
