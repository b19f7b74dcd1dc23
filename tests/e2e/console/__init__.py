"""The conversation in a terminal with the real bot: lines typed in, what they show read."""
