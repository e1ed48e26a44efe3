"""Mail: what is to be sent waits in a table, and a loop beside the requests sends it."""
