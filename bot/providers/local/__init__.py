"""Foghorn's own embedded page, written without any network between."""
