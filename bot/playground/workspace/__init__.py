"""One Slack workspace in memory: people, channels, messages, open views and its journal."""
