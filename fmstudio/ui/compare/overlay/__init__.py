"""Curves of several runs over one another."""
