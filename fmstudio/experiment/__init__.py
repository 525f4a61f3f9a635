"""What is to be done: the experiment as one immutable value, its files, and the lessons."""
