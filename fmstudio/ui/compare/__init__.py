"""The page Compare: the runs, and two of them side by side."""
