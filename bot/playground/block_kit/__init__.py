"""Block Kit as Slack has it: what it accepts, what elements hold, how their text reads."""
