"""Reference losses, gradients and steps of the Y/Z model, by PyTorch's autograd in double precision.

Writes gradients.json beside this file. The model is written over one-hot vectors of whole sequences, as
in arXiv 2305.16380, section 2: no counts, no classes, no closed-form derivative. `steps` follows
torch.optim.SGD with momentum and a rate for each of Y and Z over several batches.

    pip install torch numpy && python make_gradients.py
"""

import itertools
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

# Tokens: common, distinct of each class, last, next.
LAST, NEXT_PER_LAST, COMMON, DISTINCT = 2, 2, 2, 2
CLASSES = LAST * NEXT_PER_LAST
INPUTS = COMMON + DISTINCT * CLASSES + LAST
M = INPUTS + CLASSES


def sequences(rng, batch, length):
    """Classes in increasing order, and tokens with the last one at the end."""
    classes = np.sort(rng.integers(0, CLASSES, batch))
    rows = []
    for n in classes:
        own = list(range(COMMON)) + [COMMON + DISTINCT * n + j for j in range(DISTINCT)]
        rows.append(list(rng.choice(own, length)) + [COMMON + DISTINCT * CLASSES + n // NEXT_PER_LAST])
    return classes, np.array(rows)


def loss(Y, Z, classes, rows, normalised, residual, attends):
    X = F.one_hot(torch.tensor(rows), M).to(torch.float64)
    keys = X if attends else X[:, :-1]
    scores = torch.einsum("btl,bl->bt", keys, X[:, -1] @ Z)
    b = torch.einsum("bt,btl->bl", torch.softmax(scores, dim=1), keys)
    if residual:
        b = b + X[:, -1]
    f = b / b.norm(dim=1, keepdim=True) if normalised else b
    return F.cross_entropy(f @ Y.T, torch.tensor(INPUTS + classes))


def counts(classes, rows):
    """Counts of the class's context tokens, the last token's place 0."""
    table = []
    for n, row in zip(classes, rows):
        own = list(range(COMMON)) + [COMMON + DISTINCT * n + j for j in range(DISTINCT)]
        table.append([int((row[:-1] == token).sum()) for token in own] + [0])
    return table


def weights(rng, scale):
    return [torch.tensor(scale * rng.standard_normal((M, M)), requires_grad=True) for _ in range(2)]


def flat(matrix):
    return [float(x) for x in matrix.detach().numpy().ravel()]


def variant(flags, seed, scale):
    rng = np.random.default_rng(seed)
    classes, rows = sequences(rng, 7, 9)
    Y, Z = weights(rng, scale)
    value = loss(Y, Z, classes, rows, *flags)
    value.backward()
    return {
        "normalised": flags[0], "residual": flags[1], "attends": flags[2],
        "classes": classes.tolist(), "counts": counts(classes, rows),
        "y": flat(Y), "z": flat(Z), "loss": value.item(),
        "gradientY": flat(Y.grad), "gradientZ": flat(Z.grad),
    }


def steps():
    rng = np.random.default_rng(99)
    Y, Z = weights(rng, 0.2)
    start = flat(Y), flat(Z)
    optimizer = torch.optim.SGD(
        [{"params": [Y], "lr": 1.5}, {"params": [Z], "lr": 0.5}], lr=1, momentum=0.9)
    batches = []
    for _ in range(6):
        classes, rows = sequences(rng, 7, 9)
        optimizer.zero_grad()
        loss(Y, Z, classes, rows, True, False, False).backward()
        optimizer.step()
        batches.append({"classes": classes.tolist(), "counts": counts(classes, rows)})
    return {
        "decoderRate": 1.5, "attentionRate": 0.5, "momentum": 0.9, "batches": batches,
        "startY": start[0], "startZ": start[1], "y": flat(Y), "z": flat(Z),
    }


cases = [
    variant(flags, seed, scale)
    for seed, flags in enumerate(itertools.product([True, False], repeat=3))
    for scale in ((0.3, 5) if flags == (True, False, False) else (0.5,))
]
document = {
    "lastTokens": LAST, "nextPerLast": NEXT_PER_LAST, "common": COMMON, "distinct": DISTINCT,
    "cases": cases, "steps": steps(),
}
path = pathlib.Path(__file__).with_name("gradients.json")
path.write_text(json.dumps(document, separators=(",", ":")) + "\n")
