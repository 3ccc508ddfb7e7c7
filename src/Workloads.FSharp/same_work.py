"""Takes a peer's training steps from fixed numbers, and prints what they come to: workload, parameters, losses, movement.

The rule of the numbers is that of Draws.fs, and what is printed is a Trial of Workload.fs. The file with the peer's steps is named by the
variable FUNCTIONAL_PEER, the workloads by the arguments. The steps stay as they are; only where their numbers come from is changed.
"""
import importlib.util, inspect, json, math, os, sys
import torch

STEPS = 3
DATA = 1000
# Streams of the parameters where the peer has them in another order: ours has both layers of a stage side by side.
ORDER = {"autoencoder-stacked": [0, 1, 4, 5, 6, 7, 2, 3]}
# The bias of a head for a log-variance: all but no variance, so that codes are at their means.
CERTAIN = {"vae-dense": 7, "vae-conv": 13}
# Where a stride leaves one zero to add, ours has it below and to the right, the peer above and to the left. Both do the same when the peer's
# images and filters stand on their heads. Numbers in a map that is flattened, and in one of its channels:
MIRRORED = {"vae-conv": (64 * 14 * 14, 14 * 14)}


def fixed(stream, shape):
    mask = 0xFFFFFFFF
    count = math.prod(shape)
    x = ((torch.arange(count) + 1) * 2654435761 + stream * 40503) & mask
    for shift, factor in ((15, 2246822519), (13, 3266489917)):
        x = ((x ^ (x >> shift)) * factor) & mask
    return (((x ^ (x >> 16)) >> 8).double() / 16777216).reshape(shape)


def parameter(stream, shape):
    """In our layout: the weights of a dense layer are [inputs, units]."""
    inputs = {2: shape[0], 4: math.prod(shape[1:])}.get(len(shape))
    spread = math.sqrt(3 / inputs) if inputs else 0.1
    return (spread * (2 * fixed(stream, shape) - 1)).float()


def upright(name, values):
    """Images, filters and flattened maps as the peer has them."""
    if name not in MIRRORED:
        return values
    if values.dim() == 4:
        return values.flip(2, 3)
    size, channel = MIRRORED[name]
    for axis in (axis for axis, length in enumerate(values.shape) if length == size):
        values = values.unflatten(axis, (size // channel, channel)).flip(axis + 1).flatten(axis, axis + 1)
    return values


def network(name, optimizer):
    """Gives the parameters their numbers, and lists them."""
    tensors = optimizer.param_groups[0]["params"]
    order = ORDER.get(name, range(len(tensors)))
    for place, tensor in enumerate(tensors):
        stream = order[place] if place < len(order) else place
        shape = tuple(tensor.shape)
        values = parameter(stream, shape[::-1]).t() if len(shape) == 2 else parameter(stream, shape)
        tensor.data.copy_(upright(name, values) if place != CERTAIN.get(name) else torch.full(shape, -60.0))
    return tensors


def machine(state):
    """A Boltzmann machine so strong that every unit is all but certain."""
    weight, visible, hidden = state["w"], state["visible_bias"], state["hidden_bias"]
    weight.copy_(torch.where(parameter(0, tuple(weight.shape)) > 0, 64.0, -64.0))
    visible.fill_(32.0)
    hidden.fill_(32.0)
    return [weight, visible, hidden]


def free_energy(state):
    v0 = state["v0"]
    inputs = v0 @ state["w"] + state["hidden_bias"]
    return (-(v0 @ state["visible_bias"]) - torch.nn.functional.softplus(inputs).sum(1)).mean().item()


def attempt(name, factory):
    def data(*shape, **_):
        return upright(name, fixed(DATA, torch.Size(shape[0] if isinstance(shape[0], (tuple, list)) else shape)).float())

    torch.rand = torch.randn = data
    torch.randint = lambda low, high, size, **_: torch.arange(math.prod(size)).reshape(size) * 7 % high
    torch.randn_like = torch.zeros_like
    step = factory()
    function = inspect.unwrap(step)
    state = dict(zip(function.__code__.co_freevars, (cell.cell_contents for cell in function.__closure__)))
    optimizer = next((value for value in state.values() if isinstance(value, torch.optim.Optimizer)), None)
    tensors = network(name, optimizer) if optimizer else machine(state)
    before = [tensor.detach().double() for tensor in tensors]
    losses = []
    backward = torch.Tensor.backward

    def recorded(loss, *arguments, **options):
        losses.append(loss.item())
        return backward(loss, *arguments, **options)

    torch.Tensor.backward = recorded
    for _ in range(STEPS):
        if not optimizer:
            losses.append(free_energy(state))
        step()
    torch.Tensor.backward = backward
    moved = sum(((tensor.detach().double() - start) ** 2).sum().item() for tensor, start in zip(tensors, before))
    return dict(workload=name, parameters=sum(tensor.numel() for tensor in tensors), losses=losses, movement=math.sqrt(moved))


def main():
    spec = importlib.util.spec_from_file_location("peer", os.environ["FUNCTIONAL_PEER"])
    peer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(peer)
    for name in sys.argv[1:]:
        print(json.dumps(attempt(name, peer.WORKLOADS[name][0])), flush=True)


main()
