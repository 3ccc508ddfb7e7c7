#!/usr/bin/env python3
"""Trains a model on MNIST in PyTorch and prints seconds for each epoch, data included, as `train MODEL` does.

usage: epoch_pytorch.py MODEL IMAGES_IDX3.gz LABELS_IDX1.gz [epochs]      MODEL: vae mlp cnn
  vae   train vae --set hidden=500,500 --set latent-size=20 --batch-size 150
  mlp   train mlp --set hidden=256,128 --batch-size 64
  cnn   train cnn --batch-size 128, with its layers as they are by default
The rows lie in memory as float32; each epoch has a new order of them; Adam 0.001.
"""
import gzip, sys, time
import numpy
import torch, torch.nn as nn, torch.nn.functional as F


def numbers(path, header):
    with gzip.open(path) as file:
        return numpy.frombuffer(file.read()[header:], dtype=numpy.uint8)


class Vae(nn.Module):
    batch = 150

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 500), nn.ELU(), nn.Linear(500, 500), nn.ELU())
        self.mean, self.logvar = nn.Linear(500, 20), nn.Linear(500, 20)
        self.decoder = nn.Sequential(nn.Linear(20, 500), nn.ELU(), nn.Linear(500, 500), nn.ELU(), nn.Linear(500, 784))

    def loss(self, x, labels):
        features = self.encoder(x)
        mean, logvar = self.mean(features), self.logvar(features)
        logits = self.decoder(mean + torch.exp(0.5 * logvar) * torch.randn_like(mean))
        cost = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        return (cost + 0.5 * torch.sum(torch.exp(logvar) + mean * mean - 1 - logvar)) / len(x)


class Classifier(nn.Module):
    def __init__(self, batch, shape, *layers):
        super().__init__()
        self.batch, self.shape, self.layers = batch, shape, nn.Sequential(*layers)

    def loss(self, x, labels):
        return F.cross_entropy(self.layers(x.view(-1, *self.shape)), labels)


def mlp():
    return Classifier(64, [784], nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))


def cnn():
    def block(inputs, filters):
        return nn.Conv2d(inputs, filters, 3), nn.ReLU(), nn.MaxPool2d(2)

    return Classifier(
        128, [1, 28, 28], *block(1, 32), *block(32, 64), nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10))


name, images, labels = sys.argv[1:4]
epochs = int(sys.argv[4]) if len(sys.argv) > 4 else 3
torch.manual_seed(1)
rows = torch.from_numpy(numbers(images, 16).reshape(-1, 784).astype(numpy.float32) / 255)
labels = torch.from_numpy(numbers(labels, 8).astype(numpy.int64))
net = {"vae": Vae, "mlp": mlp, "cnn": cnn}[name]()
optimizer = torch.optim.Adam(net.parameters(), 1e-3)

for epoch in range(epochs):
    start, total = time.perf_counter(), 0.0
    order = torch.randperm(len(rows))
    for chosen in order.split(net.batch):
        optimizer.zero_grad()
        loss = net.loss(rows[chosen], labels[chosen])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(chosen)
    print(f"epoch {epoch + 1}  {time.perf_counter() - start:.2f} s  loss {total / len(rows):.4f}", flush=True)
