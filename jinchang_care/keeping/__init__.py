"""The parts of the keeper, who starts what the system needs and keeps it alive."""
