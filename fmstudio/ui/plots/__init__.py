"""The plots of a run: axes, lines, crosshair, pictures and tables of them. Loaded after the first paint."""
