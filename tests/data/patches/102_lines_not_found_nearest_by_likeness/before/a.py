def compute_total(items):
    pass
