"""What the user may type, and what is said when it cannot be."""
