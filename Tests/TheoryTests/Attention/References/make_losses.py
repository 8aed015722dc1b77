"""Reference losses and gradients of every loss and head, from PyTorch's autograd.

Writes losses.json beside this file: double precision, over positions (softmax over the T
positions of X W x_bar), by W and by the factors of W = K_w^T Q_w. The layer, the head and the
losses are those of a user's own training loop (torch.nn.functional where it has them); nothing is
shared with make_gradients.py but the definitions of the paper (arXiv 2403.08081, section 2).

    pip install torch numpy && python make_losses.py
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.use_deterministic_algorithms(True)


def attention(weights, tokens):
    """The layer's output f_W(X) = X^T S(X W x_bar) of one sequence's embeddings (T x d), and S."""
    mass = F.softmax(tokens @ weights @ tokens[-1], dim=0)
    return tokens.T @ mass, mass


def logits(weights, embeddings, sequence, head):
    output, mass = attention(weights, embeddings[sequence])
    if head == "general":
        return embeddings @ output
    return torch.zeros(len(embeddings)).index_add(0, sequence, mass)


def loss_of(logits, label, loss, head, temperature):
    if loss == "log":
        return F.nll_loss(torch.log(logits)[None], label[None])
    if loss == "squared":
        chosen = logits if head == "tied" else F.softmax(logits, dim=0)
        return (1 - chosen[label]) ** 2
    if loss == "cross-entropy":
        return F.cross_entropy((logits / temperature)[None], label[None])
    return -logits[label]


def risk(weights, embeddings, sequences, labels, loss, head, temperature):
    values = [
        loss_of(logits(weights, embeddings, s, head), y, loss, head, temperature)
        for s, y in zip(sequences, labels)
    ]
    return torch.stack(values).mean()


def case(seed, shape, scale, loss, head, temperature):
    n, T, K, d = shape
    torch.manual_seed(seed)
    embeddings = F.normalize(torch.randn(K, d))
    sequences = torch.stack(
        [torch.randperm(K)[:T] if T <= K else torch.randint(K, (T,)) for _ in range(n)])
    labels = torch.stack([s[torch.randint(T, ())] for s in sequences])
    rest = (embeddings, sequences, labels, loss, head, temperature)
    weights = (scale * torch.randn(d, d)).requires_grad_()
    value = risk(weights, *rest)
    value.backward()
    inner = max(1, d - 3)
    keys = torch.randn(inner, d).requires_grad_()
    queries = torch.randn(inner, d).requires_grad_()
    risk(keys.T @ queries, *rest).backward()
    flat = lambda tensor: tensor.detach().flatten().tolist()
    return dict(
        vocabulary=K, dimension=d, inner=inner, embeddings=flat(embeddings),
        sequences=sequences.tolist(), labels=labels.tolist(), weights=flat(weights), loss=loss,
        head=head, temperature=temperature, value=value.item(), gradient=flat(weights.grad),
        keys=flat(keys), queries=flat(queries), keyGradient=flat(keys.grad),
        queryGradient=flat(queries.grad))


def main():
    variants = [("log", "tied", 1.0)]
    for head in ("tied", "general"):
        variants += [("squared", head, 1.0), ("correlation", head, 1.0)]
        variants += [("cross-entropy", head, t) for t in (1.0, 0.25, 3.0)]
    shapes = [(6, 4, 6, 8), (10, 6, 8, 8), (7, 9, 5, 3), (12, 8, 10, 6)]
    cases = [
        case(1000 + 10 * number + place, shape, scale, *variant)
        for number, variant in enumerate(variants)
        for place, (shape, scale) in enumerate(
            (shape, scale) for shape in shapes for scale in (0.35, 2.0))
    ]
    path = pathlib.Path(__file__).with_name("losses.json")
    path.write_text(json.dumps(cases) + "\n")


main()
