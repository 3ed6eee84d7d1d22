"""The page in three JSON dialects that tools read already, each a pure function."""
