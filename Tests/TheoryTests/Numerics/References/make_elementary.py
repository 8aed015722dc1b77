#!/usr/bin/env python3
"""Write elementary.bin: exp and ln of chosen arguments, correctly rounded, for ElementaryTests.swift.

A record is 20 bytes, little-endian: the argument x (double), the correctly rounded result y (double),
and (exact - y) in units of y's last place (float). First the records of exp, then as many of ln.
Needs mpmath; the arguments come from a fixed seed, so the file's bytes are always the same.
"""
import math
import pathlib
import random
import struct

from mpmath import exp, floor, ldexp, log, mp, mpf

mp.prec = 200
COUNT = 10_000


def to_double(value):
    """The double nearest to `value` (ties do not occur but at exact values) and its last place."""
    if value == 0:
        return 0.0, mpf(2) ** -1074
    magnitude = abs(value)
    exponent = int(floor(mp.log(magnitude, 2)))
    if ldexp(mpf(1), exponent) > magnitude:
        exponent -= 1
    place = ldexp(mpf(1), max(exponent - 52, -1074))
    scaled = value / place
    whole = int(floor(scaled))
    rest = scaled - whole
    if rest > 0.5 or (rest == 0.5 and whole % 2 == 1):
        whole += 1
    if exponent > 1023 or (exponent == 1023 and abs(whole) >= 2**53):
        return math.copysign(math.inf, whole), place
    return math.ldexp(whole, max(exponent - 52, -1074)), place


def neighbours(x):
    return [math.nextafter(x, -math.inf), x, math.nextafter(x, math.inf)]


def exp_arguments(source):
    edges = [0.0, -0.0, 5e-324, -5e-324, 1e-300, 2.0**-53, 2.0**-54, -(2.0**-54), 1.0, -1.0]
    for x in (709.782712893384, -708.3964185322641, -744.4400719213812, -745.1332191019411):
        edges += neighbours(x)
    edges += [709.7827, -745.1332, 710.0, 711.0, -746.0, -750.0, 1e9, -1e9, 1.7e308, -1.7e308]
    for k in range(-1075, 1025, 7):
        edges += neighbours((k + 0.5) * math.log(2))
    while len(edges) < COUNT:
        kind = len(edges) % 4
        if kind == 0:
            edges.append(source.uniform(-745.2, 709.8))
        elif kind == 1:
            edges.append(source.uniform(-745.2, -708.0))
        elif kind == 2:
            edges.append(source.uniform(-1.0, 1.0) * 2.0 ** source.randint(-60, 4))
        else:
            edges.append(source.uniform(-40.0, 1.0))
    return edges


def log_arguments(source):
    largest = math.nextafter(math.inf, 0.0)
    edges = [1.0, 5e-324, 1e-323, 2.0**-1022, largest, 2.0, 0.5, math.e, 10.0, 0.1]
    edges += neighbours(1.0)[::2] + neighbours(2.0**-1022)[::2]
    for k in range(-1074, 1024, 7):
        edges += neighbours(math.ldexp(1.0, k))[1:]
    for k in range(-1021, 1024, 7):
        edges += neighbours(math.ldexp(math.sqrt(2.0), k))
    while len(edges) < COUNT:
        kind = len(edges) % 5
        if kind == 0:
            bits = source.getrandbits(63) % 0x7FF0000000000000
            edges.append(struct.unpack("<d", struct.pack("<Q", bits or 1))[0])
        elif kind == 1:
            edges.append(source.uniform(0.7, 1.42))
        elif kind == 2:
            edges.append(1.0 + source.uniform(-1.0, 1.0) * 2.0 ** source.randint(-50, -1))
        elif kind == 3:
            edges.append(source.random() * 2.0**-1022 or 5e-324)
        else:
            edges.append(source.uniform(0.0, 1.0) or 0.5)
    return edges


def exact_exp(x):
    """e^x as (double, last place, exact); far outside the range only the limit matters."""
    if x > 800 or x < -800:
        return (math.inf if x > 0 else 0.0), mpf(1), None
    exact = exp(mpf(x))
    return *to_double(exact), exact


def write(out, records):
    for x, (y, place, exact) in records:
        rest = 0.0 if exact is None or math.isinf(y) else float((exact - mpf(y)) / place)
        out.write(struct.pack("<ddf", x, y, rest))


def main():
    source = random.Random(20240826)
    path = pathlib.Path(__file__).with_name("elementary.bin")
    with path.open("wb") as out:
        write(out, ((x, exact_exp(x)) for x in exp_arguments(source)))
        logs = ((x, log(mpf(x))) for x in log_arguments(source))
        write(out, ((x, (*to_double(exact), exact)) for x, exact in logs))


main()
