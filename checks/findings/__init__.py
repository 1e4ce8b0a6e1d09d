"""What was found, and how is it proved? Findings with their evidence, masked, fingerprinted and waived."""
