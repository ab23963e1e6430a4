tools.work(kind="lost")
return "too early"
