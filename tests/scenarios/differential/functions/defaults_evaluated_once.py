def append(item, bucket=[]):
    bucket.append(item)
    return bucket


def fresh(item, bucket=None):
    bucket = [] if bucket is None else bucket
    bucket.append(item)
    return bucket


print(append(1), append(2), fresh(1), fresh(2))
base = 10


def late(x, y=base):
    return x + y


base = 100
late(1), append(3) is append(4)
