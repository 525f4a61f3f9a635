"""Torchvision's ResNet, adapted to small pictures. A module of its own, since torchvision takes a second to load."""

import torch
import torchvision


def small_resnet_18(channels: int, classes: int) -> torch.nn.Module:
    """ResNet-18 for small pictures: its first convolution keeps their size, and nothing is pooled before the blocks."""
    network: torch.nn.Module = torchvision.models.resnet18(num_classes=classes)
    network.conv1 = torch.nn.Conv2d(channels, 64, 3, padding=1, bias=False)
    torch.nn.init.kaiming_normal_(network.conv1.weight, mode="fan_out", nonlinearity="relu")
    network.maxpool = torch.nn.Identity()
    return network
