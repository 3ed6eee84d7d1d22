"""What answers people: read, ask one service, show one view."""
