"""What earlier checks found: kept in a store, and compared with this one."""
