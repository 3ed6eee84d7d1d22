"""The listeners: each reads what Slack sent, asks one service, and shows one view."""
