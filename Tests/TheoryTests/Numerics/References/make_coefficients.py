#!/usr/bin/env python3
"""Print the polynomial coefficients of Sources/CKernels/elementary_body.h as C hexadecimal literals.

Each polynomial interpolates its function at Chebyshev nodes with 60 digits (within a small factor of
the minimax polynomial), each coefficient then rounded to double.
Needs mpmath.
"""
from mpmath import mp, mpf, cos, exp, fabs, lu_solve, log, matrix, pi, sqrt

mp.dps = 60


def exp_tail(r):
    """(e^r - 1 - r - r^2/2) / r^3."""
    if fabs(r) < mpf(10) ** -12:
        return mpf(1) / 6 + r / 24
    return (exp(r) - 1 - r - r * r / 2) / r**3


def log_tail(f):
    """(ln(1+f) - f + f^2/2) / f^3."""
    if fabs(f) < mpf(10) ** -12:
        return mpf(1) / 3 - f / 4
    return (log(1 + f) - f + f * f / 2) / f**3


def fit(function, low, high, degree):
    """Coefficients, as doubles, of a polynomial close to `function` on [low, high]."""
    size = degree + 1
    nodes = [
        (low + high) / 2 + (high - low) / 2 * cos((2 * i + 1) * pi / (2 * size))
        for i in range(size)
    ]
    vandermonde = matrix([[x**j for j in range(size)] for x in nodes])
    return [float(c) for c in lu_solve(vandermonde, matrix([function(x) for x in nodes]))]


def report(name, function, low, high, degree, scale):
    coefficients = fit(function, low, high, degree)
    worst = mpf(0)
    for i in range(2001):
        x = low + (high - low) * i / 2000
        error = (sum(mpf(c) * x**j for j, c in enumerate(coefficients)) - function(x)) * x**3
        if fabs(x) > mpf(10) ** -9:
            worst = max(worst, fabs(error / scale(x)))
    print(f"// {name}: degree {degree}, relative error of the result 2^{float(log(worst, 2)):.1f}")
    for c in coefficients:
        print(f"  {c.hex()},")


half = log(2) / 2
report("exp", exp_tail, -half, half, 9, exp)
low, high = mpf(2) / 3 - 1, mpf(4) / 3 - 1
report("log", log_tail, low, high, 20, lambda f: log(1 + f))
