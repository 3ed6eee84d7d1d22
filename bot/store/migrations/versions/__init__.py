"""The migrations, in the order of their numbers; a released one never changes."""
