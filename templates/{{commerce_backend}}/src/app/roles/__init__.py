"""Who may do what: roles are Django's groups, and rights are Django's permissions."""
