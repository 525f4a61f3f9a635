"""In what runs differ."""
