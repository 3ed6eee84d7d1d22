"""The embedded public status page: its own records, and everything that it serves."""
