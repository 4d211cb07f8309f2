"""What bodies look like where they are not a resource's: declared once, checked by the core."""
