"""What toolscript decides: values in, values out. Nothing here touches files, processes, clocks or the network."""
