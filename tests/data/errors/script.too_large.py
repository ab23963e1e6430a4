# limits: source_bytes=60
return "a script of more bytes than the run accepts"
