"""An invented city: its people, who cares for them, and what was done."""
