"""What every view of pictures is made of."""
