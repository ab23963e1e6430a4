import math
import re
from collections import Counter, defaultdict

docs = {"d1": "the cat sat on the mat", "d2": "the dog chased the cat", "d3": "birds sing in the morning"}
index = defaultdict(set)
terms = {name: Counter(re.findall(r"\w+", text)) for name, text in docs.items()}
for name, counts in terms.items():
    for word in counts:
        index[word].add(name)


def tf_idf(word, name):
    tf = terms[name][word] / sum(terms[name].values())
    idf = math.log(len(docs) / len(index[word])) if index[word] else 0
    return tf * idf


def search(query):
    scores = Counter()
    for word in query.lower().split():
        for name in sorted(index.get(word, ())):
            scores[name] += tf_idf(word, name)
    return [(name, round(score, 4)) for name, score in scores.most_common()]


print(sorted(index["cat"]), search("dog cat"), search("unicorn"))
search("morning the")
