"""Keys: proving, changing and destroying them."""
