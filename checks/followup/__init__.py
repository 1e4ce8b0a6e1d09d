"""What comes after the meeting? Letters to students, their delivery, and the answers of offices and colleges."""
