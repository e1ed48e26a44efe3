"""What the shop sells: categories and products, and how much of each is there."""
