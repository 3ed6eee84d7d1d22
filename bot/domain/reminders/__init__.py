"""When somebody is asked about an open subject: cadence, promises, ladder, words."""
