"""`python -m app` is `midesk`."""

import sys

if __name__ == "__main__":
    # A frozen program reads foreign files in a copy of itself, which needs no verbs and no window.
    if sys.argv[1:] == ["--read-foreign-file"]:
        from app.services.library.parsing.child import main
    else:
        from app.cli import main
    sys.exit(main())
