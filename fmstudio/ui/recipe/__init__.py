"""The recipe column: the form, its fields and editors."""
