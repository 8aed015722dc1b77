#!/usr/bin/env python3
"""Print the reference values of StreamReferenceTests.swift.

An implementation of Philox4x32-10, the streams and the distributions that shares nothing with the
Swift one but the definitions in its comments. Normal variates use the C library's logarithm and may
differ in the last bits.
"""
import math

MASK = 2**32 - 1


def philox(counter, key):
    counter, key = list(counter), list(key)
    for _ in range(10):
        left, right = counter[0] * 0xD2511F53, counter[2] * 0xCD9E8D57
        counter = [
            (right >> 32) ^ counter[1] ^ key[0],
            right & MASK,
            (left >> 32) ^ counter[3] ^ key[1],
            left & MASK,
        ]
        key = [(key[0] + 0x9E3779B9) & MASK, (key[1] + 0xBB67AE85) & MASK]
    return counter


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


class Stream:
    def __init__(self, kind, seed, purpose):
        encoded = b"".join(
            len(name.encode()).to_bytes(8, "little") + name.encode()
            for name in ("mechanics.stream.1", kind, purpose)
        )
        self.name, self.seed = fnv(encoded), seed
        self.words = self.generate()

    def generate(self):
        index = 0
        while True:
            counter = [index & MASK, index >> 32, self.name & MASK, self.name >> 32]
            block = philox(counter, [self.seed & MASK, self.seed >> 32])
            yield block[0] | block[1] << 32
            yield block[2] | block[3] << 32
            index += 1

    def uniform(self):
        return math.ldexp(next(self.words) >> 11, -53)

    def integer(self, count):
        while True:
            product = next(self.words) * count
            if product % 2**64 >= 2**64 % count:
                return product >> 64

    def normals(self):
        while True:
            x, y = 2 * self.uniform() - 1, 2 * self.uniform() - 1
            square = x * x + y * y
            if 0 < square < 1:
                scale = math.sqrt(-2 * math.log(square) / square)
                return [x * scale, y * scale]

    def choice(self, count, population):
        numbers = list(range(population))
        for position in range(count):
            other = position + self.integer(population - position)
            numbers[position], numbers[other] = numbers[other], numbers[position]
        return numbers[:count]


def stream():
    return Stream("data", 2**53 + 1, "tokens/0")


source = stream()
print("words", ", ".join(hex(next(source.words)) for _ in range(4)))
source = stream()
print("uniform", [source.uniform() for _ in range(3)])
source = stream()
print("integers below 6", [source.integer(6) for _ in range(12)])
source = stream()
print("integers below 3 * 2^61", [source.integer(3 * 2**61) for _ in range(4)])
source = stream()
print("normal", source.normals() + source.normals())
source = stream()
print("choice of 4 in 9", source.choice(4, 9), "and of 5 in 5", source.choice(5, 5))

tokens, labels = Stream("data", 12, "tokens/0"), Stream("data", 12, "labels/0")
sequences = [tokens.choice(4, 6) for _ in range(4)]
drawn = []
for sequence in sequences:
    label = labels.integer(6)
    drawn.append(label if label in sequence else sequence[labels.integer(4)])
print("sequences", sequences, "labels", drawn)
tokens = Stream("data", 12, "tokens/0")
long = [0, 1, 2, tokens.integer(3), tokens.integer(3)]
for position in range(4):
    other = position + tokens.integer(5 - position)
    long[position], long[other] = long[other], long[position]
print("long sequence", long)
