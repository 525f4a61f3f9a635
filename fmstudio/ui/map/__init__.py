"""The map: features of pictures in the plane."""
