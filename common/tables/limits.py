"""How much of a file we are ready to look at."""

MIB = 1024 * 1024

FILE_BYTES = 50 * MIB
ZIP_ENTRIES = 2_000
UNPACKED_BYTES = 400 * MIB
# A roster packs to a tenth or a twentieth; a bomb to a thousandth.
PACKED_AT_MOST = 100
SMALL_ENOUGH_FOR_ANY_RATIO = 10 * MIB
SHARED_TEXT_BYTES = 200 * MIB

ROWS = 300_000
# Titles, blank rows, totals and notes come on top of the people.
RAW_ROWS = ROWS + 5_000
COLUMNS = 200
SHEETS = 300
BLANK_ROWS = 500
CELL_LENGTH = 500

# A workbook that unpacks to more is read piece by piece: calamine holds a sheet whole.
WHOLE_BYTES = 160 * MIB
PIECE_BYTES = 16 * MIB

READER_MEMORY = 460 * MIB
SECONDS = 4
BYTES_A_SECOND = 4 * MIB
PATIENCE = 240
