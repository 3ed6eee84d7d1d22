"""The embedded public status page: its records, its model, and everything that it serves."""
