# The README's two commands are `make run` and `make test`; each sets itself up.
PYTHON := .venv/bin/python
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: setup run test check explore bench faults lock clean

setup:
	@sh packaging/setup.sh

run: setup
	@sh packaging/run.sh

check: setup
	$(PYTHON) -m ruff check app tests benchmarks packaging
	$(PYTHON) -m ruff format --check app tests benchmarks packaging
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

test: check
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -q -n 2 --dist loadfile --cov --cov-report=term:skip-covered --cov-report=json:.coverage.json
	$(PYTHON) packaging/check_coverage.py .coverage.json

faults: setup
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest -q -m faults tests/faults

explore: setup
	QT_QPA_PLATFORM=offscreen HYPOTHESIS_PROFILE=explore $(PYTHON) -m pytest -q -n 2 --dist loadfile

bench: setup
	$(PYTHON) -m benchmarks

lock:
	$(PYTHON) -m pip install -q uv
	.venv/bin/uv pip compile pyproject.toml --extra dev --extra semantic --extra server --universal --generate-hashes --no-header --no-emit-index-url --no-annotate -p 3.11 -o requirements.lock

clean:
	rm -rf .venv tour-output build dist .coverage .coverage.json .mypy_cache .ruff_cache .pytest_cache
