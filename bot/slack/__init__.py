"""The front door: what people do in Slack, and what they see there."""
