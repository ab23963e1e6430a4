# limits: return_bytes=100
return "x" * 1000
