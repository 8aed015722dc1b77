#!/usr/bin/env python3
"""Re-checks what `mechanics svm FILE` printed, from the dataset document and the multipliers alone.

    check_certificate.py DATASET.json ANSWER.json [--tolerance 1e-9]

Shares no code with the solver: components come from its own closure of the edges, W is rebuilt from
the multipliers. Prints the residuals; exit status 1 where one is above the tolerance.
"""

import argparse
import json
import sys

import numpy as np


def demands(sequences, labels, size):
    """Per last token k: pairs that must be equal and pairs that need a margin of 1."""
    result = {}
    for last in sorted({sequence[-1] for sequence in sequences}):
        edge = np.zeros((size, size), bool)
        for sequence, label in zip(sequences, labels):
            if sequence[-1] == last:
                edge[label, [j for j in sequence if j != label]] = True
        reach = edge.copy()
        for middle in range(size):
            reach |= np.outer(reach[:, middle], reach[middle])
        result[last] = edge & reach.T, edge & ~reach.T
    return result


def combination(rows, embeddings):
    """Sum of lambda (e_i - e_j) e_k^T."""
    d = embeddings.shape[1]
    total = np.zeros((d, d))
    for k, i, j, value in rows:
        total += value * np.outer(embeddings[i] - embeddings[j], embeddings[k])
    return total


def signs(rows, wanted):
    """The worst sign relative to the largest multiplier, and the sum over margin rows."""
    largest = max((abs(row[3]) for row in rows), default=1.0)
    worst, total = 0.0, 0.0
    for k, i, j, value in rows:
        equal, strict = wanted[k]
        if strict[i, j]:
            worst = max(worst, -value / largest)
            total += value
        elif not (equal[i, j] or equal[j, i]):
            return np.inf, total
    return worst, total


def check_optimal(answer, wanted, embeddings):
    rows = answer["certificate"]["multipliers"]
    weights = np.array(answer["W"], float)
    rebuilt = combination(rows, embeddings)
    norm = np.linalg.norm(weights)
    worst_sign, total = signs(rows, wanted)
    primal, slack = 0.0, {}
    for k, (equal, strict) in wanted.items():
        scores = weights @ embeddings[k]
        for i, j in np.argwhere(equal | strict):
            difference = embeddings[i] - embeddings[j]
            scale = np.linalg.norm(difference) * np.linalg.norm(embeddings[k]) * norm
            scale = min(max(1.0, scale), 1e6)
            margin = difference @ scores
            violation = max(0.0, 1 - margin) if strict[i, j] else abs(margin)
            primal = max(primal, violation / scale)
            slack[k, i, j] = margin - 1, scale
    held = [(row[3], *slack[tuple(row[:3])]) for row in rows if wanted[row[0]][1][row[1], row[2]]]
    weight = sum(abs(value) * scale for value, _, scale in held)
    square = norm**2 if norm > 0 else 1.0
    return {
        "primal": primal,
        "stationarity": np.linalg.norm(weights - rebuilt) / (norm if norm > 0 else 1.0),
        "sign": worst_sign,
        "complementarity": sum(abs(v * s) for v, s, _ in held) / weight if weight > 0 else 0.0,
        "gap": abs(norm**2 + np.linalg.norm(rebuilt) ** 2 - 2 * total) / square,
        "objective": abs(answer["objective"] - norm) / max(1.0, norm),
    }


def check_infeasible(answer, wanted, embeddings):
    rows = answer["certificate"]["farkas"]
    worst_sign, total = signs(rows, wanted)
    rest = np.linalg.norm(combination(rows, embeddings))
    size = sum(
        abs(value) * np.linalg.norm(embeddings[i] - embeddings[j]) * np.linalg.norm(embeddings[k])
        for k, i, j, value in rows
    )
    return {
        "combination": rest,
        "relative": rest / size if size > 0 else 0.0,
        "sign": worst_sign,
        "sum": abs(total - 1),
        "empty": 0.0 if answer["W"] is None and answer["objective"] is None else np.inf,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset")
    parser.add_argument("answer")
    parser.add_argument("--tolerance", type=float, default=1e-9)
    options = parser.parse_args()
    with open(options.dataset) as file:
        dataset = json.load(file)
    with open(options.answer) as file:
        answer = json.load(file)
    embeddings = np.array(dataset["embeddings"], float)
    wanted = demands(dataset["sequences"], dataset["labels"], len(embeddings))
    if answer["status"] == "optimal":
        residuals = check_optimal(answer, wanted, embeddings)
    elif answer["status"] == "infeasible":
        residuals = check_infeasible(answer, wanted, embeddings)
    else:
        print(f"{answer['status']}: nothing is claimed")
        return 1
    for name, value in residuals.items():
        print(f"{answer['status']} {name} {value:.2e}")
    return 0 if all(value <= options.tolerance for value in residuals.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
