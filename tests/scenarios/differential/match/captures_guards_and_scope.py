def parse(command):
    match command.split():
        case ["quit" | "exit" as word]:
            return word
        case ["add", *numbers] if all(n.isdigit() for n in numbers):
            return sum(map(int, numbers))
        case ["add", *_]:
            return "not numbers"
        case [name] if (size := len(name)) > 5:
            return f"long {size}"
        case [single] as whole:
            return whole, single
        case _ if command:
            return "many"
        case _:
            return "nothing"


results = [parse(c) for c in ("quit", "exit", "add 1 2 3", "add x", "abcdefgh", "abc", "a b c", "")]
point = (1, 2)
match point:
    case (x, y):
        pass
print(x, y)
match point, 5:
    case (a, _), n:
        print(a, n)
return results
