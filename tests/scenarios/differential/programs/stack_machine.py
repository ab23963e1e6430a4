from dataclasses import dataclass, field


@dataclass
class Machine:
    program: list
    stack: list = field(default_factory=list)
    output: list = field(default_factory=list)
    names: dict = field(default_factory=dict)
    pc: int = 0
    ticks: int = 0

    def run(self, limit=1000):
        while self.pc < len(self.program) and self.ticks < limit:
            self.ticks += 1
            op, *args = self.program[self.pc]
            self.pc += 1
            getattr(self, "op_" + op)(*args)
        return self.output

    def op_push(self, value):
        self.stack.append(value)

    def op_add(self):
        self.stack.append(self.stack.pop() + self.stack.pop())

    def op_store(self, name):
        self.names[name] = self.stack.pop()

    def op_load(self, name):
        self.stack.append(self.names[name])

    def op_print(self):
        self.output.append(self.stack[-1])

    def op_jump_if_less(self, limit, target):
        if self.stack.pop() < limit:
            self.pc = target


loop = [("push", 0), ("store", "i"), ("load", "i"), ("print",), ("push", 1), ("add",), ("store", "i"), ("load", "i"), ("jump_if_less", 5, 2)]
m = Machine(loop)
print(m.run(), m.ticks, m.names)
try:
    Machine([("fly",)]).run()
except AttributeError as error:
    print(error)
m
