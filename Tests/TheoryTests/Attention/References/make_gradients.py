"""Reference losses and gradients of the attention layer, from two independent programs.

Writes gradients.json beside this file:
  autograd: JAX, double precision, over positions (softmax over the T positions of X W x_bar), no
            counts, no merging, no closed-form derivative;
  exact:    mpmath with 60 digits, by central differences of the loss over positions, for weights
            so large that double precision loses 1 - a_y, and the gradient itself underflows.
The other losses, heads and factors are in losses.json, by make_losses.py.

    pip install jax numpy mpmath && python make_gradients.py
"""

import json
import pathlib

import jax
import mpmath
import numpy as np

jax.config.update("jax_enable_x64", True)
mpmath.mp.dps = 60


def instance(seed, n, T, K, d, scale):
    rng = np.random.default_rng(seed)
    E = rng.standard_normal((K, d))
    E /= np.linalg.norm(E, axis=1, keepdims=True)
    sequences = [
        [int(t) for t in (rng.permutation(K)[:T] if T <= K else rng.integers(0, K, T))]
        for _ in range(n)
    ]
    labels = [int(rng.choice(s)) for s in sequences]
    return E, sequences, labels, scale * rng.standard_normal((d, d))


def jax_loss(W, E, sequences, labels):
    total = 0.0
    for s, y in zip(sequences, labels):
        X = E[np.array(s)]
        S = jax.nn.softmax(X @ W @ X[-1])
        total = total - jax.numpy.log(S[np.array(s) == y].sum())
    return total / len(sequences)


def exact_loss(W, E, sequences, labels):
    total = mpmath.mpf(0)
    for s, y in zip(sequences, labels):
        query = W * E[s[-1]]
        scores = [(E[t].T * query)[0] for t in s]
        hits = mpmath.fsum(mpmath.exp(x) for x, t in zip(scores, s) if t == y)
        rest = mpmath.fsum(mpmath.exp(x) for x, t in zip(scores, s) if t != y)
        total += mpmath.log1p(rest / hits)
    return total / len(sequences)


def separating(E, sequences, labels, strength):
    """Weights that give the labels a higher score: C (e_y - e_j) e_k^T summed over contexts."""
    W = np.zeros((E.shape[1], E.shape[1]))
    for s, y in zip(sequences, labels):
        for j in s:
            W += np.outer(E[y] - E[j], E[s[-1]])
    return strength * W / np.linalg.norm(W)


def exact_case(E, sequences, labels, W):
    # The loss is a double's exact value in its arguments; only then may digits be cancelled.
    mpmath.mp.dps = 60
    d = E.shape[1]
    exact_E = [mpmath.matrix([mpmath.mpf(float(x)) for x in row]) for row in E]
    exact_W = mpmath.matrix(W.tolist())
    loss = exact_loss(exact_W, exact_E, sequences, labels)
    mpmath.mp.dps = 60 + int(max(0, -mpmath.log10(loss)))
    loss = exact_loss(exact_W, exact_E, sequences, labels)
    h = mpmath.mpf(10) ** -20
    gradient = mpmath.matrix(d, d)
    for i in range(d):
        for j in range(d):
            values = []
            for sign in (1, -1):
                moved = exact_W.copy()
                moved[i, j] += sign * h
                values.append(exact_loss(moved, exact_E, sequences, labels))
            gradient[i, j] = (values[0] - values[1]) / (2 * h)
    norm = mpmath.sqrt(mpmath.fsum(x * x for x in gradient))
    return {
        "logLoss": float(mpmath.log(loss)),
        "logNorm": float(mpmath.log(norm)),
        "direction": [float(gradient[i, j] / norm) for i in range(d) for j in range(d)],
    }


def main():
    autograd, exact = [], []
    shapes = [(6, 4, 6, 8), (4, 6, 8, 8), (10, 6, 8, 8), (5, 9, 5, 3), (1, 2, 2, 1), (16, 8, 8, 5)]
    for number, (n, T, K, d) in enumerate(shapes):
        for scale in (0.0, 0.35, 3.0):
            E, sequences, labels, W = instance(100 + number, n, T, K, d, scale)
            loss, gradient = jax.value_and_grad(jax_loss)(W, E, sequences, labels)
            autograd.append(
                dict(vocabulary=K, dimension=d, embeddings=E.ravel().tolist(), sequences=sequences, labels=labels,
                     weights=W.ravel().tolist(), loss=float(loss),
                     gradient=np.asarray(gradient).ravel().tolist()))
    for number, strength in enumerate((40.0, 300.0, 3000.0, -3000.0)):
        E, sequences, _, _ = instance(200 + number, 3, 4, 5, 5, 0.0)
        labels = [max(s) for s in sequences]
        W = separating(E, sequences, labels, strength)
        exact.append(
            dict(vocabulary=5, dimension=5, embeddings=E.ravel().tolist(), sequences=sequences, labels=labels,
                 weights=W.ravel().tolist(), **exact_case(E, sequences, labels, W)))
    path = pathlib.Path(__file__).with_name("gradients.json")
    path.write_text(json.dumps({"autograd": autograd, "exact": exact}) + "\n")


main()
