"""Runs that are to be, one after the other."""
