"""Tests of the workspace in a browser."""
