"""incident.io as a status page."""
