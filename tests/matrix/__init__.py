"""The matrix: renders services and proves that each is whole. `python -m tests.matrix --help`."""
