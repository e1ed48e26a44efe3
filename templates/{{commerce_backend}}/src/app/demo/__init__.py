"""A shop to look at: products, people of each role, and some weeks of orders."""
