"""What people do in Slack: they type, click, fill in forms and submit them."""
