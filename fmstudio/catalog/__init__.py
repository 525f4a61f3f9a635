"""What can be chosen: one small frozen model each, in one table each. No torch: named in strings."""
