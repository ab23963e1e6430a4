def grade(score):
    return "A" if score >= 90 else "B" if score >= 80 else "C" if score >= 70 else "F"


scores = {"ann": 95, "bob": 82, "cy": 71, "di": 40}
{name: grade(score) for name, score in scores.items()}
