"""CPU milliseconds of the Graph-SVM: `mechanics svm` beside public solvers, as called from Python.

Every program gets the same instance, one thread and all edges. A public program starts from
embeddings and a finished list of edges and ends with W; mechanics starts from the sequences, builds
the graphs itself and ends with W and its certificate. The best of several calls counts, each call
with its setup. An answer counts as exact if its norm and its margins are right to 1e-8.
Argument: the built binary. `--quick` leaves out what takes minutes.
"""
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time

import numpy as np

ROOT = 1e-8  # what an exact answer may be off
LIMIT = 150  # seconds that one program gets for one instance
# K = d, sequences, length, structure; the names of the columns.
INSTANCES = [
    ("8 acyclic", 8, 32, 5, True), ("16 acyclic", 16, 64, 8, True),
    ("32 acyclic", 32, 128, 12, True), ("48 acyclic", 48, 192, 12, True),
    ("64 cyclic", 64, 256, 12, False), ("64 acyclic", 64, 256, 12, True),
]
LARGE = [("128 strict order", 128, 1280, 8, True), ("256 strict order", 256, 2560, 8, True)]


def dataset(K, n, T, is_ordered):
    """Unit-random embeddings with d = K; labels by a random order per last token, or at random."""
    rng = np.random.default_rng(K)
    E = rng.standard_normal((K, K))
    E /= np.linalg.norm(E, axis=1, keepdims=True)
    X = np.array([rng.permutation(K)[:T] for _ in range(n)])
    rank = np.array([rng.permutation(K) for _ in range(K)])
    best = np.argmin(rank[X[:, -1:], X], axis=1)
    label = X[np.arange(n), best if is_ordered else rng.integers(T, size=n)]
    return E, X, label


def edges(X, label):
    """All edges (k, i, j) with whether each is strict: i and j in different components."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    rows = sorted({(int(s[-1]), int(y), int(j)) for s, y in zip(X, label) for j in s if j != y})
    k, i, j = np.array(rows).T
    K = X.max() + 1
    strict = np.empty(len(k), bool)
    for token in np.unique(k):
        at = k == token
        graph = coo_matrix((np.ones(at.sum()), (i[at], j[at])), shape=(K, K))
        part = connected_components(graph, directed=True, connection="strong")[1]
        strict[at] = part[i[at]] != part[j[at]]
    return k, i, j, strict


def gram(E, k, i, j):
    """⟨a_r, a_s⟩ of the rows a_r = (e_i − e_j) e_kᵀ, and the differences."""
    D = E[i] - E[j]
    return (D @ D.T) * (E[k] @ E[k].T), D


def daqp_weights(E, k, i, j, strict):
    """DAQP on the d² entries of W."""
    import daqp

    d = E.shape[1]
    A = np.einsum("ra,rb->rab", E[i] - E[j], E[k]).reshape(len(k), d * d)
    upper = np.where(strict, 1e30, 0.0)
    sense = np.where(strict, 0, 5).astype(np.int32)
    x, _, flag, _ = daqp.solve(
        np.eye(d * d), np.zeros(d * d), A, upper, strict.astype(float), sense,
        primal_tol=1e-10, iter_limit=100_000)
    return x.reshape(d, d), flag


def daqp_basis(E, k, i, j, strict):
    """DAQP in the span of the rows, on a basis by pivoted Cholesky of their Gram matrix."""
    import daqp
    from scipy.linalg.lapack import dpstrf
    from scipy.linalg import solve_triangular

    G, D = gram(E, k, i, j)
    factor, pivots, rank, _ = dpstrf(G, tol=1e-12 * G.diagonal().max(), lower=1)
    L = np.empty((len(k), rank))
    L[pivots - 1] = np.tril(factor)[:, :rank]
    upper = np.where(strict, 1e30, 0.0)
    sense = np.where(strict, 0, 5).astype(np.int32)
    z, _, flag, _ = daqp.solve(
        np.eye(rank), np.zeros(rank), L, upper, strict.astype(float), sense,
        primal_tol=1e-10, iter_limit=100_000)
    rows = pivots[:rank] - 1
    share = solve_triangular(L[rows], z, lower=True, trans="T")
    return (D[rows] * share[:, None]).T @ E[k[rows]], flag


def piqp_dual(E, k, i, j, strict):
    """PIQP on the multipliers: min ½ λᵀGλ − bᵀλ, λ ≥ 0 on strict rows."""
    import piqp

    G, D = gram(E, k, i, j)
    solver = piqp.DenseSolver()
    solver.settings.eps_abs = solver.settings.eps_rel = 1e-11
    solver.settings.eps_duality_gap_abs = solver.settings.eps_duality_gap_rel = 1e-11
    solver.setup(
        np.asfortranarray(G), -strict.astype(float),
        x_l=np.where(strict, 0.0, -np.inf), x_u=np.full(len(k), np.inf))
    status = solver.solve()
    return (D * solver.result.x[:, None]).T @ E[k], int(status == piqp.PIQP_SOLVED)


def cvxpy_model(solver, **settings):
    def solve(E, k, i, j, strict):
        import cvxpy as cp

        W = cp.Variable((E.shape[1], E.shape[1]))
        constraints = []
        for a, b, c, is_strict in zip(k, i, j, strict):
            margin = (E[b] - E[c]) @ W @ E[a]
            constraints.append(margin >= 1 if is_strict else margin == 0)
        problem = cp.Problem(cp.Minimize(cp.norm(W, "fro")), constraints)
        problem.solve(solver=solver, **settings)
        return W.value, int(problem.status == "optimal")

    return solve


PROGRAMS = {
    "DAQP on d² variables": daqp_weights,
    "DAQP on a basis (pivoted Cholesky)": daqp_basis,
    "PIQP on the dual": piqp_dual,
    "cvxpy + Clarabel": cvxpy_model("CLARABEL"),
    "cvxpy + SCS, as the authors": cvxpy_model("SCS"),
}


def measured(name, instance, channel):
    """In a process of its own: CPU ms of the best call, and the answer."""
    E, X, label = dataset(*instance)
    rows = edges(X, label)
    best, spent, call = np.inf, 0.0, 0
    while spent < 2:
        start = time.process_time()
        W, flag = PROGRAMS[name](E, *rows)
        took = time.process_time() - start
        # The first call also loads the library.
        if call > 0 or took > 1:
            best = min(best, took)
        spent += took
        call += 1
    channel.put((1e3 * best, None if W is None else np.asarray(W), flag))


def peer(name, instance):
    """CPU ms and W; nothing if the program fails or takes too long."""
    channel = multiprocessing.Queue()
    process = multiprocessing.Process(target=measured, args=(name, instance, channel))
    process.start()
    try:
        took, W, _ = channel.get(timeout=LIMIT)
    except Exception:
        took, W = None, None
    process.terminate()
    process.join()
    return took, W


def ours(binary, instance, seconds=2):
    """CPU ms of the best solve, graphs included, and the document.

    The program reads the dataset once and measures each solve, from the parsed dataset to the
    certificate, by itself; it is called again until so many seconds of solves have passed.
    """
    E, X, label = dataset(*instance)
    document = {"embeddings": E.tolist(), "sequences": X.tolist(), "labels": label.tolist()}
    best, spent, repeats = np.inf, 0.0, 2
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(document, file)
        file.flush()
        while spent < seconds:
            printed = subprocess.run(
                [binary, "svm", file.name, "--repeat", str(repeats)], check=True,
                capture_output=True)
            answer = json.loads(printed.stdout)
            best = min(best, answer["processorSeconds"])
            spent += repeats * best
            repeats = max(2, int(seconds / 8 / best))
    return 1e3 * best, answer


def error(W, instance, norm):
    """How far off an answer is: its norm, or its worst margin, relative to ‖W‖ at least 1."""
    if W is None or not np.isfinite(W).all():
        return np.inf
    E, X, label = dataset(*instance)
    k, i, j, strict = edges(X, label)
    margins = np.einsum("ra,ab,rb->r", E[i] - E[j], W, E[k], optimize=True)
    worst = np.where(strict, 1 - margins, abs(margins)).max()
    return max(abs(np.linalg.norm(W) / norm - 1), worst / max(1, norm))


def text(took):
    return "–" if took is None else f"{took:.3g}" if took < 1e3 else f"{took:,.0f}"


def row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def flops_rate():
    """GFLOP/s of one core in a product of two 1,024² matrices by NumPy."""
    A = np.ones((1024, 1024))
    A @ A
    start = time.process_time()
    for _ in range(3):
        A @ A
    return 3 * 2 * 1024**3 / (time.process_time() - start) / 1e9


def main(binary, is_quick):
    instances = [entry for entry in INSTANCES if not (is_quick and entry[1] > 32)]
    solved = [ours(binary, entry[1:]) for entry in instances]
    header = ["K = d (edges)"]
    for entry, (_, answer) in zip(instances, solved):
        header.append(f"{entry[0]} ({answer['constraints']['all']:,})")
    row(header)
    row(["---"] * len(header))
    row(["mechanics"] + [text(took) for took, _ in solved])
    fastest = [np.inf] * len(instances)
    for name in PROGRAMS:
        cells = [name]
        slowest = 0.0
        for index, (entry, (_, answer)) in enumerate(zip(instances, solved)):
            # What took long already is not tried on the next size.
            took, W = (None, None) if slowest > 2e4 else peer(name, entry[1:])
            off = error(W, entry[1:], answer["objective"])
            slowest = max(slowest, took or 1e9)
            mark = "" if off <= ROOT or took is None else f" ({off:.0e})"
            cells.append(text(took) + mark)
            if took is not None and off <= ROOT:
                fastest[index] = min(fastest[index], took)
        row(cells)
    row(["ratio to the fastest at 1e-8"]
        + [f"{public / took:.1f}" for public, (took, _) in zip(fastest, solved)])
    print(f"\nIn brackets: how far an answer is off, where by more than {ROOT:g}. –: over {LIMIT} s.")
    print(f"\nOne core does {flops_rate():.0f} GFLOP/s in NumPy's matrix product.\n")
    row(["instance", "edges", "active", "CPU ms", "worst residual", "Gflop of factorisations"])
    row(["---"] * 6)
    for name, *instance in [] if is_quick else LARGE:
        took, answer = ours(binary, instance)
        certificate = answer["certificate"]
        worst = max(v for key, v in certificate.items() if key != "multipliers")
        rows = answer["constraints"]
        row([
            name, f"{rows['all']:,}", f"{rows['active']:,}", text(took), f"{worst:.0e}",
            f"{answer['work']['flops'] / 1e9:.2f}",
        ])


if __name__ == "__main__":
    main(sys.argv[1], "--quick" in sys.argv)
