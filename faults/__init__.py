"""Kills and starves the running product under load, then looks for every visit.

``make faults`` runs it whole; ``SEED=`` makes the same choices again, ``KILLS=`` says
how many processes are killed.
"""
