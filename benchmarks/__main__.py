"""`make bench`: run every benchmark and print its ratios."""

from benchmarks import inbox, intake_import, write_path

if __name__ == "__main__":
    write_path.main()
    intake_import.main()
    inbox.main(sizes=(1_000, 100_000))
