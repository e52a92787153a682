"""Black-box conformance suite: the HTTP contract, checked against a running service."""
