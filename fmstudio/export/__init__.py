"""What leaves the program: the run as a script."""
