import random
import uuid

rng = random.Random(5)
print([round(rng.gauss(0, 1), 9) for _ in range(3)])
random.seed(9)
print(round(random.gauss(10, 2), 9), round(random.gauss(mu=0, sigma=1), 9))
ids = {str(uuid.uuid4()) for _ in range(50)}
len(ids), all(len(i) == 36 and i[14] == "4" for i in ids)
