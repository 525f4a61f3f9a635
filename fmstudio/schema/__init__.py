"""What a setting is: the machinery of choices, their limits, their problems and their calls."""
