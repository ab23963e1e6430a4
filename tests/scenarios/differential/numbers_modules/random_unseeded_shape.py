import random

roll = random.randint(1, 6)
names = ["ann", "bob", "cy"]
pick = random.choice(names)
shuffled = names[:]
random.shuffle(shuffled)
print(1 <= roll <= 6, pick in names, sorted(shuffled) == sorted(names), 0 <= random.random() < 1)
sum(random.random() < 0.5 for _ in range(1000)) in range(350, 650)
