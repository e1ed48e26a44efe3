"""Invitations to projects, by e-mail."""
