"""Microseconds an iteration of the Y/Z model of arXiv 2305.16380 in PyTorch, double precision, as one
writes it there: contexts by torch.multinomial, counts by scatter_add (cheaper than one-hot sequences),
autograd and torch.optim.SGD. Arguments: last tokens, next tokens per last, threads, iterations."""
import sys
import time

import torch
import torch.nn.functional as F

last, per_last, threads, iterations = map(int, sys.argv[1:])
torch.set_num_threads(threads)
torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
COMMON, DISTINCT, LENGTH, BATCH = 10, 10, 128, 128
classes = last * per_last
inputs = COMMON + DISTINCT * classes + last
M = inputs + classes
P = torch.zeros(classes, M)
P[:, :COMMON] = 1
for n in range(classes):
    first = COMMON + DISTINCT * n
    P[n, first:first + DISTINCT] = torch.linspace(0.1, 1, DISTINCT)
P /= P.sum(dim=1, keepdim=True)
bound = M ** -0.5
Y = (torch.rand(M, M) * 2 - 1).mul(bound).requires_grad_()
Z = (torch.rand(M, M) * 2 - 1).mul(bound).requires_grad_()
optimizer = torch.optim.SGD([{"params": [Y], "lr": 1.0}, {"params": [Z], "lr": 1.0}], lr=1, momentum=0.9)
ones = torch.ones(BATCH, LENGTH - 1)


def step():
    labels = torch.randint(classes, (BATCH,))
    tokens = torch.multinomial(P[labels], LENGTH - 1, replacement=True)
    counts = torch.zeros(BATCH, M).scatter_add_(1, tokens, ones)
    scores = Z[COMMON + DISTINCT * classes + labels // per_last]
    b = torch.softmax(scores + torch.log(counts), dim=1)
    f = b / b.norm(dim=1, keepdim=True)
    loss = F.cross_entropy(f @ Y.T, inputs + labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


for _ in range(10):
    step()
best = float("inf")
for _ in range(5):
    start = time.perf_counter()
    for _ in range(iterations):
        step()
    best = min(best, (time.perf_counter() - start) / iterations)
print(best * 1e6)
