"""Migrations, in a folder for each line."""
