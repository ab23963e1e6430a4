# python: >=3.13
import statistics

density = statistics.kde([-2.1, -1.3, -0.4, 1.9, 5.1, 6.2], h=1.5)
round(density(1.0), 6)
