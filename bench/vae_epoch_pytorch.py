#!/usr/bin/env python3
"""Trains the VAE of `train vae --set hidden=500,500 --set latent-size=20 --batch-size 150` in PyTorch and prints seconds for each epoch.

usage: vae_epoch_pytorch.py TRAIN_IMAGES_IDX3.gz [epochs]
He initialisation for the hidden layers, ELU, Bernoulli likelihood on grey levels, Adam 0.001, a new order of the rows in each epoch.
"""
import gzip, sys, time
import numpy
import torch, torch.nn as nn, torch.nn.functional as F

with gzip.open(sys.argv[1]) as file:
    images = numpy.frombuffer(file.read()[16:], dtype=numpy.uint8).reshape(-1, 784)
epochs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
rows = torch.from_numpy(images.astype(numpy.float32) / 255)
torch.manual_seed(1)


def dense(inputs, units, hidden):
    layer = nn.Linear(inputs, units)
    nn.init.zeros_(layer.bias)
    nn.init.kaiming_normal_(layer.weight) if hidden else nn.init.xavier_normal_(layer.weight)
    return layer


net = nn.ModuleDict(dict(
    e1=dense(784, 500, True), e2=dense(500, 500, True), mean=dense(500, 20, False), logvar=dense(500, 20, False),
    d1=dense(20, 500, True), d2=dense(500, 500, True), out=dense(500, 784, False)))
optimizer = torch.optim.Adam(net.parameters(), 1e-3)

for epoch in range(epochs):
    start, total = time.perf_counter(), 0.0
    order = torch.randperm(len(rows))
    for first in range(0, len(rows), 150):
        x = rows[order[first:first + 150]]
        optimizer.zero_grad()
        h = F.elu(net.e2(F.elu(net.e1(x))))
        mean, logvar = net.mean(h), net.logvar(h)
        z = mean + torch.exp(0.5 * logvar) * torch.randn_like(mean)
        logits = net.out(F.elu(net.d2(F.elu(net.d1(z)))))
        loss = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x) \
            + 0.5 * torch.sum(torch.exp(logvar) + mean * mean - 1 - logvar) / len(x)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
    print(f"epoch {epoch + 1}  {time.perf_counter() - start:.2f} s  loss {total / len(rows):.2f}", flush=True)
