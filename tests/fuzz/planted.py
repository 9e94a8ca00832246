"""A reader with a fault behind four doors, to be found by following the code."""


def read(typed: str) -> int:
    """Count the letters, unless all of four stand where they must."""
    if typed[:1] == "Ⅲ":
        if typed[1:2] == "廿":
            if typed[2:3] == "〇":
                if typed[3:4] == "~":
                    return 1 // 0
                return 3
            return 2
        return 1
    return 0
