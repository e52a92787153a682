"""The workers: what calls the application for a queue."""
