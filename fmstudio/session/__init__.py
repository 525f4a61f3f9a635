"""Across the thread: QtCore and QtGui only, no widgets."""
