"""The forms: what they are called in Slack, what they carry, and how they are read."""
