"""What a class hands in."""
