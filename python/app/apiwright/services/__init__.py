"""Business rules that span several steps. They know neither HTTP nor FastAPI."""
