"""How orders are paid: providers behind one interface, and what they report."""
