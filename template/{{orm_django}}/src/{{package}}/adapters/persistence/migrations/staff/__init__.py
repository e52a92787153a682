"""The migrations of those who may enter the admin."""
