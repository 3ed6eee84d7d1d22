"""Our own words: what pages, incidents and deliveries are, without any input or output."""
