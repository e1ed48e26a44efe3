"""What people mean to buy. A cart holds products and quantities; prices stay in the catalogue."""
