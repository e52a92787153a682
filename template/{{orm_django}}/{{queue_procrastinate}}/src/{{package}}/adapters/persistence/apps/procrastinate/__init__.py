"""The tables of Procrastinate, which brings no models."""
