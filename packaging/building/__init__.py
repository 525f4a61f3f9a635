"""Making what people download: standard library only, but for what the bundle's own environment brings."""
