"""Hold the branch coverage of the models and services above its floor."""

import json
import sys
from pathlib import Path

FLOOR = 95.0


def main(report: str) -> int:
    """Print the total and the files furthest below; return 1 under the floor."""
    files = json.loads(Path(report).read_text(encoding="utf-8"))["files"]
    covered = total = 0
    shares: list[tuple[float, str]] = []
    for name, entry in files.items():
        summary = entry["summary"]
        here = summary["covered_lines"] + summary["covered_branches"]
        of = summary["num_statements"] + summary["num_branches"]
        covered, total = covered + here, total + of
        if of:
            shares.append((100 * here / of, name))
    share = 100 * covered / total if total else 0.0
    for value, name in sorted(shares)[:10]:
        sys.stdout.write(f"  {value:5.1f} %  {name}\n")
    sys.stdout.write(f"models and services: {share:.2f} % of lines and branches, the floor is {FLOOR} %\n")
    return 0 if share >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
