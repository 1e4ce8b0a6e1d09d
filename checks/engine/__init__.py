"""How is it decided? Rules as flat conjunctions, narrowed in columns, judged by durable_rules in worker processes."""
