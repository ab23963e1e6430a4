import random

random.seed(42)
print([random.randint(1, 100) for _ in range(5)], random.random(), random.choice("abcdef"), round(random.uniform(1, 2), 6))
deck = list(range(8))
random.shuffle(deck)
print(deck, random.sample(range(50), 4), random.choices("xyz", weights=[5, 1, 1], k=6), random.randrange(0, 100, 5))
own = random.Random(7)
print(own.random(), own.gauss(0, 1), own.getrandbits(16), own.randbytes(3), own.choice([1, 2, 3]), own.sample("hello", 2))
random.seed("text")
state = random.getstate()
first = random.random()
random.setstate(state)
print(first == random.random())
random.seed(1)
values = [random.triangular(0, 10, 5), random.betavariate(2, 3), random.expovariate(1.5), random.gammavariate(2, 1),
          random.lognormvariate(0, 0.5), random.normalvariate(5, 2), random.vonmisesvariate(0, 4), random.paretovariate(3),
          random.weibullvariate(1, 2), random.getrandbits(8) % 256, len(random.randbytes(4))]
[round(v, 9) for v in values]
