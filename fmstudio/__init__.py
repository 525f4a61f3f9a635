"""fmstudio: train neural networks by pointing and clicking, and look at what they got wrong."""

__version__ = "0.1.0"
