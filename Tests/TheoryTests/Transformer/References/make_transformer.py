"""Losses and gradients of whole training steps of small transformers, by PyTorch's autograd in double
precision; layers are torch.nn.TransformerEncoderLayer's where it has the options, else built of
torch.nn.functional. Writes transformer.json beside this file; the masks of dropout are given.

    pip install torch && python make_transformer.py
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def shape(K, d, f, layers, length, **options):
    result = dict(vocabulary=K, dimension=d, hidden=f, layers=layers, length=length)
    return result | dict(positions=False, residual=True, normalised=True, dropout=0.0) | options


def parameters(s, generator):
    """Names and shapes in the order of the array; matrices are input x output."""
    K, d, f = s["vocabulary"], s["dimension"], s["hidden"]
    shapes = {"embedding": (K, d)}
    if s["positions"]:
        shapes["positions"] = (s["length"], d)
    for i in range(s["layers"]):
        p = f"layer {i} "
        shapes |= {p + "attention": (d, 3 * d), p + "attention bias": (3 * d,)}
        shapes |= {p + "output": (d, d), p + "output bias": (d,)}
        shapes |= {p + "inner": (d, f), p + "inner bias": (f,)}
        shapes |= {p + "outer": (f, d), p + "outer bias": (d,)}
        if s["normalised"]:
            for norm in ["first norm", "second norm"]:
                shapes |= {p + norm + " gain": (d,), p + norm + " bias": (d,)}
    shapes |= {"decoder": (d, K), "decoder bias": (K,)}
    return {
        name: (0.4 * torch.randn(size, generator=generator) + (1 if "gain" in name else 0))
        .requires_grad_()
        for name, size in shapes.items()
    }


def masks(s, sequences, generator):
    if s["dropout"] == 0:
        return {}
    n, d, f, p = sequences * s["length"], s["dimension"], s["hidden"], s["dropout"]
    sizes = {"embedding -1": (n, d)}
    for i in range(s["layers"]):
        sizes |= {f"attention {i}": (n, s["length"]), f"output {i}": (n, d)}
        sizes |= {f"inner {i}": (n, f), f"outer {i}": (n, d)}
    return {
        name: (torch.rand(size, generator=generator) >= p).double() / (1 - p)
        for name, size in sizes.items()
    }


def drop(x, m, name):
    return x * m[name].reshape(x.shape) if name in m else x


def forward(s, w, m, tokens):
    B, L, d = len(tokens), s["length"], s["dimension"]
    x = math.sqrt(d) * w["embedding"][tokens]
    if s["positions"]:
        x = x + w["positions"]
    x = drop(x, m, "embedding -1")
    causal = torch.full((L, L), -math.inf).triu(1)
    for i in range(s["layers"]):
        p = f"layer {i} "
        q, k, v = (x @ w[p + "attention"] + w[p + "attention bias"]).chunk(3, dim=-1)
        a = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(d) + causal, dim=-1)
        o = drop(a, m, f"attention {i}") @ v @ w[p + "output"] + w[p + "output bias"]
        o = drop(o, m, f"output {i}")
        y = x + o if s["residual"] else o
        if s["normalised"]:
            y = F.layer_norm(y, (d,), w[p + "first norm gain"], w[p + "first norm bias"])
        h = drop(torch.relu(y @ w[p + "inner"] + w[p + "inner bias"]), m, f"inner {i}")
        z = drop(h @ w[p + "outer"] + w[p + "outer bias"], m, f"outer {i}")
        x = y + z if s["residual"] else z
        if s["normalised"]:
            x = F.layer_norm(x, (d,), w[p + "second norm gain"], w[p + "second norm bias"])
    return x @ w["decoder"] + w["decoder bias"], a


def check_against_module(s, w, tokens):
    """The same layers as PyTorch's own, where it has the options."""
    d = s["dimension"]
    x = math.sqrt(d) * w["embedding"][tokens]
    if s["positions"]:
        x = x + w["positions"]
    causal = torch.nn.Transformer.generate_square_subsequent_mask(s["length"])
    for i in range(s["layers"]):
        p = f"layer {i} "
        layer = torch.nn.TransformerEncoderLayer(d, 1, s["hidden"], 0.0, batch_first=True)
        values = {
            "self_attn.in_proj_weight": w[p + "attention"].T,
            "self_attn.in_proj_bias": w[p + "attention bias"],
            "self_attn.out_proj.weight": w[p + "output"].T,
            "self_attn.out_proj.bias": w[p + "output bias"],
            "linear1.weight": w[p + "inner"].T, "linear1.bias": w[p + "inner bias"],
            "linear2.weight": w[p + "outer"].T, "linear2.bias": w[p + "outer bias"],
            "norm1.weight": w[p + "first norm gain"], "norm1.bias": w[p + "first norm bias"],
            "norm2.weight": w[p + "second norm gain"], "norm2.bias": w[p + "second norm bias"],
        }
        x = torch.func.functional_call(layer, values, (x,), {"src_mask": causal})
    return x @ w["decoder"] + w["decoder bias"]


def case(s, sequences, seed):
    generator = torch.Generator().manual_seed(seed)
    w, m = parameters(s, generator), masks(s, sequences, generator)
    tokens = torch.randint(s["vocabulary"], (sequences, s["length"]), generator=generator)
    labels = torch.randint(s["vocabulary"], (sequences, s["length"]), generator=generator)
    logits, attention = forward(s, w, m, tokens)
    if s["residual"] and s["normalised"] and s["dropout"] == 0:
        torch.testing.assert_close(logits, check_against_module(s, w, tokens), rtol=1e-12, atol=1e-12)
    loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten())
    gradients = torch.autograd.grad(loss, list(w.values()))
    flat = lambda tensors: torch.cat([t.flatten() for t in tensors]).tolist()
    return s | {
        "sequences": sequences, "tokens": tokens.flatten().tolist(),
        "labels": labels.flatten().tolist(), "parameters": flat(t.detach() for t in w.values()),
        "masks": {name: mask.flatten().tolist() for name, mask in m.items()},
        "loss": loss.item(), "gradient": flat(gradients),
        "attention": attention.detach().flatten().tolist(),
    }


CASES = [
    case(shape(11, 8, 12, 1, 5), 3, 1),
    case(shape(11, 8, 12, 3, 5), 3, 2),
    case(shape(9, 6, 10, 1, 4, dropout=0.25), 2, 3),
    case(shape(9, 6, 10, 3, 4, dropout=0.25, positions=True), 2, 4),
    case(shape(9, 6, 10, 1, 4, residual=False), 2, 5),
    case(shape(9, 6, 10, 3, 4, normalised=False, dropout=0.5), 2, 6),
    case(shape(9, 6, 10, 3, 4, residual=False, normalised=False, positions=True), 2, 7),
    # No size is a multiple of another, or of a vector; a sequence of one token; one sequence.
    case(shape(37, 17, 29, 1, 13, positions=True), 5, 8),
    case(shape(5, 3, 2, 3, 1, dropout=0.2), 4, 9),
    case(shape(5, 3, 2, 1, 3), 1, 10),
]
path = pathlib.Path(__file__).parent / "transformer.json"
path.write_text(json.dumps(CASES) + "\n")
