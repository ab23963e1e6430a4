	if x:
		stop()
		end()
