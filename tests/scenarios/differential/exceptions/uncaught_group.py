# raises: ExceptionGroup
raise ExceptionGroup("several things", [ValueError("one"), TypeError("two")])
