"""`make bench`: run every benchmark and print its ratios."""

from benchmarks import write_path

if __name__ == "__main__":
    write_path.main()
