"""The proof: what people download, tried on a machine that has nothing but what it asks for."""
