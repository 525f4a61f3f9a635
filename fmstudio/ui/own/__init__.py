"""Pictures of one's own, and the game against the network."""
