"""Accounts, and their refresh tokens."""
