"""What the bot calls: the Web API's endpoints and methods, and faults on demand."""
