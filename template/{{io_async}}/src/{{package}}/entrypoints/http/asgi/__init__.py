"""What concerns every request, as pure ASGI middleware that any ASGI framework can use."""
