"""All the set-up of a checkout on a fresh machine: standard library only, Python 3.11 and newer."""
