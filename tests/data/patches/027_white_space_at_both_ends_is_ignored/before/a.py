	if x:
		go()
		end()
