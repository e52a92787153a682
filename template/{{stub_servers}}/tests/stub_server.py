"""What stands in for a server of somebody else's: a server of the tests' own, on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no error of a test."""


@contextmanager
def serving(handler: type[Handler]) -> Iterator[str]:
    """Handle requests as long as the block runs, each in a thread of its own; yield the URL."""
    with Server(("127.0.0.1", 0), handler) as server:
        # Whoever ends it waits until it looks whether it is to end.
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.001})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
