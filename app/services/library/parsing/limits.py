"""How much of a foreign file is read before it is refused."""

from typing import Final

MEGABYTE: Final = 1024 * 1024
# Of the processor: on a busy computer a good file takes longer by the clock, and is not the worse for it.
SECONDS: Final = 10.0
CLOCK_SECONDS: Final = 30.0
MEMORY_BYTES: Final = 300 * MEGABYTE
FILE_BYTES: Final = 25 * MEGABYTE
# Of a package: all members, one XML part (its tree takes some eight times its size), how many, how tightly packed.
INFLATED_BYTES: Final = 120 * MEGABYTE
XML_PART_BYTES: Final = 20 * MEGABYTE
MEMBERS: Final = 2_000
RATIO: Final = 150
RATIO_FROM_BYTES: Final = MEGABYTE
ANSWER_BYTES: Final = 60 * MEGABYTE
