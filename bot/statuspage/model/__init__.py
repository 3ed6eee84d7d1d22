"""The page as plain values, and what is computed from them without any input or output."""
