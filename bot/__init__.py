"""Foghorn: runs a team's public status page from Slack."""
