def worker():
    try:
        while True:
            try:
                item = yield "ready"
                print("got", item)
            except ValueError as error:
                print("recovered", error)
    except GeneratorExit:
        print("closing")
        raise
    finally:
        print("cleanup")


g = worker()
print(next(g))
print(g.send(1))
print(g.throw(ValueError("bad")))
g.close()
g.close()
try:
    next(g)
except StopIteration:
    print("finished")
