"""The migrations: a folder, and a line, for each app."""
