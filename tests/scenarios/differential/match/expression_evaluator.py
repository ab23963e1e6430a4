from dataclasses import dataclass


@dataclass(frozen=True)
class Num:
    value: float


@dataclass(frozen=True)
class BinOp:
    op: str
    left: object
    right: object


@dataclass(frozen=True)
class Neg:
    operand: object


def evaluate(node):
    match node:
        case Num(value):
            return value
        case Neg(inner):
            return -evaluate(inner)
        case BinOp("+", left, right):
            return evaluate(left) + evaluate(right)
        case BinOp("*", Num(0), _) | BinOp("*", _, Num(0)):
            return 0
        case BinOp("*", left, right):
            return evaluate(left) * evaluate(right)
        case BinOp(op=op):
            raise ValueError(f"unknown operator {op!r}")


tree = BinOp("+", Num(2), BinOp("*", Num(3), Neg(Num(4))))
print(evaluate(tree), evaluate(BinOp("*", Num(5), Num(0))))
try:
    evaluate(BinOp("%", Num(1), Num(2)))
except ValueError as error:
    print(error)
