"""Do the facts keep the rules? Compile to durable_rules, narrow, run cohorts, gather findings."""
