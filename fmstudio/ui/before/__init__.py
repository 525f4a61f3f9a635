"""What is asked before a run: which learning rate, and how long it will take."""
