"""The wall of pictures on the page Results, and the sentence above it."""
