import random


def estimate_pi(samples, seed):
    rng = random.Random(seed)
    inside = sum(1 for _ in range(samples) if rng.random() ** 2 + rng.random() ** 2 <= 1)
    return 4 * inside / samples


print(estimate_pi(5000, 1), estimate_pi(5000, 1) == estimate_pi(5000, 1))
walk = [0]
rng = random.Random("walk")
for _ in range(20):
    walk.append(walk[-1] + rng.choice((-1, 1)))
walk
