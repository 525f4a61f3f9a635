"""The queue, below the table of runs."""
