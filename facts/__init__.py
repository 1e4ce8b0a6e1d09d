"""What do the systems say? Tables, sources, snapshot, computed facts, calendar, and the demo college."""
