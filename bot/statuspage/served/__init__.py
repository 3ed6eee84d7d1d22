"""Everything that the public gets of the page over HTTP or as files."""
