"""Runs as the rows of a table: columns, cells, filter, groups."""
