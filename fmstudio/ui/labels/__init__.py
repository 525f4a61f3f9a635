"""Checking the labels: what was found, and the review."""
