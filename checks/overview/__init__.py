"""What else is counted beside the findings? Rows, registrations, marks and procedures of the whole college."""
