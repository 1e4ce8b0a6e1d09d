"""What does the month say? The meeting's report as values, decided before anything is drawn."""
