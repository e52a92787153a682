"""The tests of the service."""

import gc

# What is imported stays. To look for garbage meanwhile takes a quarter of the time until the first test.
gc.disable()
