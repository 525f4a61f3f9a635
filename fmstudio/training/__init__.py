"""Doing it: the training loop and what it needs."""
