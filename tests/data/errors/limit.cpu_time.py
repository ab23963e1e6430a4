# limits: cpu_time_s=0.2
sum(range(10**12))
