"""The field as pure functions of polars frames and expressions; reads and prints nothing."""
