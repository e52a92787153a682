"""The HTTP edge: the whole service on its real database, asked without a network between."""
