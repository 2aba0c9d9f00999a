"""Each list beside what plain Python finds, for a hundred ways to look at it."""
