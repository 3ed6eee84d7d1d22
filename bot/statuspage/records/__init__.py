"""The page's records: its tables, and everything that reads or writes them."""
