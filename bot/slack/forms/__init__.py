"""The forms: their names in Slack, what they carry unseen, and how they are read."""
