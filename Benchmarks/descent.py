"""Normalised descent on the log-loss in Python, beside which `make bench-gd` measures ours.

Usage: descent.py FOLDER PEER SECONDS

FOLDER holds one problem (DescentBenchmark.swift writes it). Prints the processor microseconds of one
iteration, in the best of the runs that fit into SECONDS, and by how much the weights, losses and
gradient norms of the first ten steps differ from ours, relatively. All peers record the loss and the
norm of the gradient at each iteration, in double precision, on one thread.
"""
import json
import os
import sys
import time

os.environ.update(dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1"))
import numpy as np  # noqa: E402

STEP = 0.01
CHECKED = 10


class Problem:
    """The sequences X (n, T) with labels y, embeddings E (K, d) and W(0), and what follows of them."""

    def __init__(self, folder):
        def read(name, kind):
            return np.fromfile(os.path.join(folder, name), dtype=kind)

        n, T, K, d = self.shape = json.load(open(os.path.join(folder, "shape.json")))
        self.E = read("embeddings", "<f8").reshape(K, d)
        self.W = read("initial", "<f8").reshape(d, d)
        X, y = read("sequences", "<i8").reshape(n, T), read("labels", "<i8")
        order = np.argsort(X[:, -1], kind="stable")
        self.X, self.y = X[order], y[order]
        self.label = self.X == self.y[:, None]
        self.last, self.query = np.unique(self.X[:, -1], return_inverse=True)
        self.ours = read("ours", "<f8")

    def difference(self, W, losses, norms):
        """The largest relative difference from our first ten steps."""
        d = self.shape[3]
        weights, rest = self.ours[: d * d].reshape(d, d), self.ours[d * d :]
        series = np.array(losses + norms)
        assert series.shape == rest.shape
        return max(
            np.linalg.norm(W - weights) / np.linalg.norm(weights), np.abs(series / rest - 1).max()
        )


def torch_loop(p, compiled=False):
    """The loop as one writes it down: embedded sequences, autograd."""
    import torch

    torch.set_num_threads(1)
    X = torch.from_numpy(p.E[p.X])
    last, label = X[:, -1, :].clone(), torch.from_numpy(p.label)
    W = torch.tensor(p.W, requires_grad=True)

    def risk(W):
        scores = torch.einsum("ntd,nd->nt", X, last @ W.T)
        mass = (torch.softmax(scores, dim=1) * label).sum(dim=1)
        return -torch.log(mass).mean()

    risk = torch.compile(risk) if compiled else risk

    def step():
        loss = risk(W)
        (gradient,) = torch.autograd.grad(loss, W)
        norm = gradient.norm()
        with torch.no_grad():
            W.sub_(STEP * gradient / norm)
        return loss.item(), norm.item()

    return step, lambda: W.detach().numpy()


def torch_by_hand(p, compiled=False):
    """Scores per last token, the gradient written out."""
    import torch

    torch.set_num_threads(1)
    n, T, K, d = p.shape
    E, W = torch.from_numpy(p.E), torch.tensor(p.W.T.copy())
    Et, Q = E.T.contiguous(), E[torch.from_numpy(p.last)]
    Qt = Q.T.contiguous()
    q = len(p.last)
    flat = torch.from_numpy((p.query[:, None] * K + p.X).ravel())
    at_label = torch.from_numpy(p.query * K + p.y)
    label = torch.from_numpy(p.label)

    def advance(W):
        scores = ((Q @ W) @ Et).view(-1)
        x = scores[flat].view(n, T) - scores[at_label][:, None]
        power = torch.exp(x).masked_fill(label, 0)
        rest = power.sum(1)
        share = 1 / (n * (1 + rest))
        G = torch.zeros(q * K, dtype=torch.float64)
        G.index_add_(0, flat, (power * share[:, None]).view(-1))
        G.index_add_(0, at_label, -rest * share)
        gradient = Qt @ (G.view(q, K) @ E)
        norm = torch.linalg.vector_norm(gradient)
        return torch.log1p(rest).mean(), norm, W - (STEP / norm) * gradient

    advance = torch.compile(advance) if compiled else advance
    state = [W]

    def step():
        with torch.inference_mode():
            loss, norm, state[0] = advance(state[0])
            return loss.item(), norm.item()

    return step, lambda: state[0].numpy().T


def numpy_weights(p):
    """As `torch_by_hand`; two passes through the embeddings, no allocation of note."""
    n, T, K, d = p.shape
    E, Et, W = p.E, p.E.T.copy(), p.W.T.copy()
    Q = E[p.last]
    Qt = Q.T.copy()
    terms = Terms(p)
    half, S, gradient = np.empty((len(Q), d)), np.empty((len(Q), K)), np.empty((d, d))

    def step():
        np.dot(Q, W, out=half)
        np.dot(half, Et, out=S)
        loss, G = terms(S)
        np.dot(G, E, out=half)
        np.dot(Qt, half, out=gradient)
        norm = np.sqrt(np.vdot(gradient, gradient))
        np.multiply(gradient, STEP / norm, out=gradient)
        np.subtract(W, gradient, out=W)
        return loss, norm

    return step, lambda: W.T


def numpy_gram(p):
    """The scores themselves as the iterate: the step is B G A, the squared norm <G, B G A>."""
    n, T, K, d = p.shape
    Q = p.E[p.last]
    A, B = p.E @ p.E.T, Q @ Q.T
    S = Q @ p.W.T @ p.E.T
    total, half, change = np.zeros_like(S), np.empty_like(S), np.empty_like(S)
    terms = (DenseTerms if n * K <= 4096 else Terms)(p)

    def step():
        loss, G = terms(S)
        np.dot(G, A, out=half)
        np.dot(B, half, out=change)
        norm = np.sqrt(np.vdot(G, change))
        size = STEP / norm
        np.multiply(change, size, out=change)
        np.subtract(S, change, out=S)
        np.multiply(G, size, out=half)
        np.subtract(total, half, out=total)
        return loss, norm

    return step, lambda: p.W + p.E.T @ total.T @ Q


class Terms:
    """Loss and derivatives by scores, over the tokens of the sequences."""

    def __init__(self, p):
        n, T, K, d = p.shape
        self.n, self.rows, self.K = n, len(p.last), K
        self.flat = p.query[:, None] * K + p.X
        self.at_label = (p.query * K + p.y)[:, None]
        self.label = (np.arange(n), p.label.argmax(1))
        self.x, self.y = np.empty((n, T)), np.empty((n, 1))

    def __call__(self, S):
        s, x, y = S.reshape(-1), self.x, self.y
        np.take(s, self.flat, out=x)
        np.take(s, self.at_label, out=y)
        np.subtract(x, y, out=x)
        np.exp(x, out=x)
        x[self.label] = 0
        rest = x.sum(1, keepdims=True)
        np.multiply(x, 1 / (self.n * (1 + rest)), out=x)
        x[self.label] = -x.sum(1)
        G = np.bincount(self.flat.ravel(), x.ravel(), minlength=self.rows * self.K)
        return np.log1p(rest).mean(), G.reshape(self.rows, self.K)


class DenseTerms:
    """The same over the whole vocabulary, for sizes where calls are all that costs."""

    def __init__(self, p):
        n, T, K, d = p.shape
        self.n, self.query = n, p.query
        self.present = np.zeros((n, K))
        self.present[np.arange(n)[:, None], p.X] = 1
        self.present[np.arange(n), p.y] = 0
        self.at_label = (p.query * K + p.y)[:, None]
        self.label = np.zeros((n, K))
        self.label[np.arange(n), p.y] = 1
        self.sums = (p.query[None, :] == np.arange(len(p.last))[:, None]) / n
        self.x, self.y, self.ones = np.empty((n, K)), np.empty((n, 1)), np.ones(K)
        self.target = np.empty((len(p.last), K))

    def __call__(self, S):
        x, y = self.x, self.y
        np.take(S, self.query, axis=0, out=x)
        np.take(S.reshape(-1), self.at_label, out=y)
        np.subtract(x, y, out=x)
        np.exp(x, out=x)
        np.multiply(x, self.present, out=x)
        rest = x.dot(self.ones)[:, None]
        np.subtract(x, self.label * rest, out=x)
        np.divide(x, 1 + rest, out=x)
        np.dot(self.sums, x, out=self.target)
        return np.log1p(rest).sum() / self.n, self.target


PEERS = {
    "torch-loop": torch_loop,
    "torch-loop-compiled": lambda p: torch_loop(p, compiled=True),
    "torch-by-hand": torch_by_hand,
    "torch-by-hand-compiled": lambda p: torch_by_hand(p, compiled=True),
    "numpy-weights": numpy_weights,
    "numpy-gram": numpy_gram,
}


def main():
    folder, peer, seconds = sys.argv[1:]
    problem = Problem(folder)
    step, weights = PEERS[peer](problem)
    series = [step() for _ in range(CHECKED)]
    W = np.array(weights())
    # The record after the last step has no step after it.
    loss, norm = step()
    losses, norms = zip(*series)
    difference = problem.difference(W, list(losses) + [loss], list(norms) + [norm])
    best, end, count = np.inf, time.perf_counter() + float(seconds), 1
    while time.perf_counter() < end:
        start = time.process_time()
        for _ in range(count):
            step()
        taken = time.process_time() - start
        best = min(best, taken / count)
        count = count if taken > 0.02 else 2 * count
    print(best * 1e6, difference)


main()
