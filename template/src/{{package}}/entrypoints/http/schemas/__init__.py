"""The bodies that are sent and received, whichever framework does it."""
