"""What the board's paper holds, one for all formats."""
