"""The C++ core, typed for Python: validation, passwords, tokens, database and repositories."""
