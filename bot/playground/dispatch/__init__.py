"""What Slack sends to the bot: payloads, by signed HTTP or by Socket Mode."""
