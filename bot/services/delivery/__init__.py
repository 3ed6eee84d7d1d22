"""What is owed gets out, once, and is read back."""
