"""The computer that the program runs on: what is there, what is missing, and how to mend it. No Qt, no torch."""
