"""The migrations of Procrastinate."""
