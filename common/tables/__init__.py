"""Tables that people send: opened safely, read cell by cell, and sent back marked."""
