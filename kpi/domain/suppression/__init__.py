"""Small numbers hidden on the way out, with whatever would give them back."""
