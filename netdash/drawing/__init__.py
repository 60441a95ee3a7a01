"""Where things stand on paper: pure geometry; may import topology."""
