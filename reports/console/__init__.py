"""What do the commands data, diff and history print?"""
