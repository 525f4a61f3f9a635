"""What happened: a run as a fold over its events, and its folder."""
