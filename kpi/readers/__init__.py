"""The outside to frames; the only code that distrusts its input."""
