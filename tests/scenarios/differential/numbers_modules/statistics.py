import statistics as st

data = [2, 4, 4, 4, 5, 5, 7, 9]
print(st.mean(data), st.fmean(data), st.median(data), st.median_low(data), st.median_high(data), st.mode(data), st.multimode([1, 1, 2, 2, 3]))
print(st.pstdev(data), st.pvariance(data), round(st.stdev(data), 9), st.variance(data), st.quantiles(data, n=4), st.median_grouped(data))
print(round(st.geometric_mean([1, 10, 100]), 9), st.harmonic_mean([40, 60]), st.fmean([1, 2], weights=[3, 1]))
x, y = [1, 2, 3, 4, 5], [2.1, 3.9, 6.2, 7.8, 10.1]
slope, intercept = st.linear_regression(x, y)
print(round(slope, 6), round(intercept, 6), round(st.correlation(x, y), 6), st.covariance(x, y))
n = st.NormalDist(100, 15)
print(round(n.cdf(130), 6), round(n.inv_cdf(0.975), 6), n.mean, n.stdev, (n + 5).mean, round(st.NormalDist.from_samples(data).mean, 6))
for bad in (lambda: st.mean([]), lambda: st.stdev([1]), lambda: st.mode([])):
    try:
        bad()
    except st.StatisticsError as error:
        print(error)
return {"mean": st.mean(data), "decimal": st.mean([1, 2])}
