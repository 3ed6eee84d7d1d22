"""Instatus as a status page."""
