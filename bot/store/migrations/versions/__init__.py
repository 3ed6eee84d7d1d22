"""The migrations, oldest first by their numbers; a migration that has been released never changes."""
