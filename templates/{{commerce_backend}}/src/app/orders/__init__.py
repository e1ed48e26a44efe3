"""What people bought: orders, from checkout to the door."""
