import operator as op

print(op.add(1, 2), op.sub(5, 3), op.mul(2, 4), op.truediv(7, 2), op.floordiv(7, 2), op.mod(7, 3), op.pow(2, 5), op.neg(3), op.pos(-3), op.abs(-4), op.inv(5), op.invert(5))
print(op.lt(1, 2), op.le(2, 2), op.eq(1, 1.0), op.ne(1, 2), op.ge(3, 2), op.gt(3, 4), op.not_(0), op.truth([]), op.is_(None, None), op.is_not(1, None))
print(op.and_(6, 3), op.or_(6, 3), op.xor(6, 3), op.lshift(1, 4), op.rshift(16, 2), op.concat([1], [2]), op.contains("abc", "b"), op.countOf([1, 1, 2], 1), op.indexOf("xyz", "z"), op.index(True), op.length_hint([1, 2]))
d, l = {"a": 1}, [1, 2, 3]
op.setitem(d, "b", 2)
op.delitem(l, 0)
print(d, l, op.getitem(d, "a"), op.iadd([1], [2]), op.isub(5, 2), op.imul(3, 3), op.iand(6, 3), op.ior(1, 4), op.ixor(5, 1), op.ilshift(1, 2), op.irshift(8, 1))
print(op.itruediv(9, 2), op.ifloordiv(9, 2), op.imod(9, 4), op.ipow(2, 3), op.iconcat([1], [2]), op.call(max, 1, 5))


class Matrix:
    def __init__(self, v):
        self.v = v

    def __matmul__(self, other):
        return self.v * other.v

    def scale(self, k, offset=0):
        return self.v * k + offset


print(op.matmul(Matrix(3), Matrix(4)), op.imatmul(Matrix(2), Matrix(5)))
rows = [{"n": "b", "q": 2}, {"n": "a", "q": 2}, {"n": "c", "q": 1}]
print(sorted(rows, key=op.itemgetter("q", "n")), op.itemgetter(1)("abc"), op.itemgetter(0, -1)([7, 8, 9]), op.itemgetter(slice(1, 3))("abcd"))
print(op.attrgetter("v")(Matrix(9)), op.methodcaller("scale", 2, offset=1)(Matrix(5)), list(map(op.methodcaller("upper"), ["a", "b"])))
sorted([Matrix(3), Matrix(1)], key=op.attrgetter("v"))[0].v
