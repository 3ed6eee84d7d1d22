"""What intake, due and delivery all write down: what is owed, and who is told of it."""
