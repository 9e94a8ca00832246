"""How two files of one person become one, and two again."""
