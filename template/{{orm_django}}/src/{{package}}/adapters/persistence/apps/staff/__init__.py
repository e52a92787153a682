"""Those who may enter the admin."""
