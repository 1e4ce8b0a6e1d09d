"""What does the regulation demand? The rule model, its conditions, and the packs as YAML."""
