"""A setting against a result."""
