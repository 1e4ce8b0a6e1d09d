"""What is a fact? Tables and their fields, code lists, numbers of people, the calendar, and a snapshot of them all."""
