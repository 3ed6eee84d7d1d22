"""Texts: how they are compared, shortened, and what times they say."""
