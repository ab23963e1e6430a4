s = "abcdefghij"
parts = [s[2:5], s[:3], s[-3:], s[::2], s[::-1], s[7:2:-2], s[100:], s[-100:3], s[:]]
n = list(range(8))
n[1:3] = ["x", "y", "z"]
n[::4] = [0, 0, 0]
window = slice(1, None, 3)
n2 = list(range(8))
n2[5:5] = [50, 51]
n2[:2] = []
print(parts)
print(n, n[window], window.start, window.stop, window.step, window.indices(5))
n2
