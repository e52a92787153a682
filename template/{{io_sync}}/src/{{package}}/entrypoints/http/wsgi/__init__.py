"""What concerns every request, as pure WSGI middleware that any WSGI framework can use."""
