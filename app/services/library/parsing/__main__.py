"""`python -m app.services.library.parsing` is the child that reads one file."""

import sys

from app.services.library.parsing.child import main

if __name__ == "__main__":
    sys.exit(main())
