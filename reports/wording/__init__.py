"""How is it said? Words, dates and places, and text that is safe to print."""
