"""The template's own suite. `docs/testing.md` says what is where."""
