"""The confusion matrix, and the card that it shares with its tabs."""
