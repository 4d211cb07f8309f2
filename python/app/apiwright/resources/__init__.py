"""The declaration language: classes that become tables, routes, documentation and rules."""
