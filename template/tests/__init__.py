"""The tests of the service."""

import gc

# What is imported stays: to look for garbage meanwhile would take a quarter of the time until the first test.
# `conftest.py` has it begin once the tests are collected.
gc.disable()
