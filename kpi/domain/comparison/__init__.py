"""How an outturn stands beside neighbours, region, England and its own earlier years."""
