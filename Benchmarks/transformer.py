"""Tokens a second of PyTorch's training steps of the same transformer in double precision: its own
encoder layers, cross-entropy, clipping and SGD. Arguments: layers vocabulary threads iterations."""

import math
import sys
import time

import torch
from torch import nn

layers, vocabulary, threads, iterations = map(int, sys.argv[1:])
torch.set_num_threads(threads)
torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
D, HIDDEN, LENGTH, BATCH = 200, 200, 35, 20


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, D)
        layer = nn.TransformerEncoderLayer(D, 1, HIDDEN, 0.2, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, layers)
        self.drop = nn.Dropout(0.2)
        self.decoder = nn.Linear(D, vocabulary)
        self.mask = nn.Transformer.generate_square_subsequent_mask(LENGTH)

    def forward(self, tokens):
        x = self.drop(self.embedding(tokens) * math.sqrt(D))
        return self.decoder(self.encoder(x, mask=self.mask))


model = Model()
optimizer = torch.optim.SGD(model.parameters(), lr=5)
tokens = torch.arange(BATCH * LENGTH + 1) * 7919 % vocabulary
x, y = tokens[:-1].reshape(BATCH, LENGTH), tokens[1:]
best = math.inf
for _ in range(iterations + 1):
    start = time.perf_counter()
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x).reshape(-1, vocabulary), y)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.25)
    optimizer.step()
    best = min(best, time.perf_counter() - start)
print(BATCH * LENGTH / best)
