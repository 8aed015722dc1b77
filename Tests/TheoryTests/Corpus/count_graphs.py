"""Edges, components and depths of a text's token-priority graphs, by sets of pairs and SciPy's strong
components; prints the numbers that manifests/corpus-graphs.yaml states. Arguments: text, T.

    pip install numpy scipy && python count_graphs.py ../../../manifests/texts/tales.txt 16
"""

import collections
import sys

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

sys.setrecursionlimit(100_000)
tokens = []
for line in open(sys.argv[1], encoding="utf-8"):
    tokens += line.split() + ["<eos>"]
T = int(sys.argv[2])
edges = collections.defaultdict(set)
nodes = collections.defaultdict(set)
positions = collections.Counter()
for p in range(T - 1, len(tokens) - 1):
    last, label = tokens[p], tokens[p + 1]
    positions[last] += 1
    nodes[last] |= {label, *tokens[p - T + 1 : p + 1]}
    edges[last] |= {(label, token) for token in tokens[p - T + 1 : p + 1] if token != label}


def depth(component, pairs):
    below = collections.defaultdict(set)
    for a, b in pairs:
        if component[a] != component[b]:
            below[component[a]].add(component[b])
    known = {}

    def longest(c):
        if c not in known:
            known[c] = 1 + max((longest(d) for d in below[c]), default=0)
        return known[c]

    return max(map(longest, component))


sums = collections.Counter()
for last, words in nodes.items():
    number = {word: i for i, word in enumerate(sorted(words))}
    pairs = [(number[a], number[b]) for a, b in edges[last]]
    matrix = csr_matrix((len(words), len(words)))
    if pairs:
        matrix = csr_matrix((np.ones(len(pairs)), np.array(pairs).T), shape=matrix.shape)
    count, component = connected_components(matrix, connection="strong")
    sizes = np.bincount(component)
    weight = positions[last] / sum(positions.values())
    sums["components"] += weight * count
    sums["depth"] += weight * depth(component, pairs)
    sums["cyclic-share"] += weight * sizes[sizes > 1].sum() / len(words)
print({"tokens": len(tokens), "edges": sum(map(len, edges.values())), **sums})
