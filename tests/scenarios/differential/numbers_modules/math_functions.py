import math

print(math.sqrt(2), math.isqrt(17), math.cbrt(27), math.factorial(10), math.comb(10, 3), math.perm(5, 2), math.gcd(48, 36, 60), math.lcm(4, 6, 10))
print(math.floor(-2.5), math.ceil(-2.5), math.trunc(-2.5), math.fabs(-3), math.copysign(3, -0.0), math.fmod(-7, 3), math.remainder(7, 4))
print(round(math.sin(1), 12), round(math.cos(1), 12), round(math.tan(1), 12), round(math.asin(0.5), 12), round(math.acos(0.5), 12), round(math.atan(1), 12))
print(round(math.sinh(1), 10), round(math.cosh(1), 10), round(math.tanh(1), 10), round(math.asinh(1), 10), round(math.acosh(2), 10), round(math.atanh(0.5), 10))
print(round(math.atan2(1, -1), 12), math.degrees(math.pi), round(math.radians(180), 12), math.hypot(3, 4), math.dist((0, 0), (3, 4)))
print(math.exp(0), round(math.exp2(3), 9), round(math.expm1(1e-5), 15), math.log(math.e), math.log2(8), math.log10(1000), math.log1p(0), round(math.log(8, 2), 9), math.pow(2, 0.5))
print(math.fsum([0.1] * 10), math.prod([1, 2, 3, 4]), math.modf(3.25), math.frexp(8.0), math.ldexp(0.5, 4), math.ulp(1.0), math.nextafter(1.0, 2.0))
print(round(math.gamma(5), 9), round(math.lgamma(10), 9), round(math.erf(1), 10), round(math.erfc(1), 10))
print(math.isclose(0.1 + 0.2, 0.3), math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1.0), math.tau == 2 * math.pi)
for bad in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.factorial(-1), lambda: math.exp(1000), lambda: math.sqrt("4")):
    try:
        bad()
    except (ValueError, OverflowError, TypeError) as error:
        print(type(error).__name__)
return {"pi": math.pi, "circle": round(math.pi * 5**2, 3)}
