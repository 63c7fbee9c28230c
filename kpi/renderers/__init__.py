"""Results to text and bytes; looks nothing up, computes nothing."""
