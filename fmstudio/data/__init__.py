"""From bytes to arrays: numpy and Pillow, no torch."""
