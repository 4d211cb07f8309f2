"""Rows of a resource in files: NDJSON and CSV, out of the database and into it."""
