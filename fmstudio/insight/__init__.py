"""Understanding a trained network."""
