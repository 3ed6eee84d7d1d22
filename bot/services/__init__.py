"""What the bot can do, whoever asks."""
