"""The kinds of file an export comes in; each is read into `facts.sources.cells`, every cell as text."""
