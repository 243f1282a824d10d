PYTHON ?= python3
BIN := .venv/bin
CONSTRAINTS := -c constraints.txt

.PHONY: demo test site clean

demo: .venv/core.stamp
	$(BIN)/wslabel run pipelines/finance_sentiment.toml

test: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	WSLABEL_LABEL_STUDIO=1 $(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

site: .venv/test.stamp
	$(BIN)/mkdocs build

.venv/core.stamp: pyproject.toml constraints.txt
	@echo "Installing wslabel and its libraries into .venv; this takes about a minute."
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(CONSTRAINTS) --editable .
	touch $@

.venv/test.stamp: .venv/core.stamp
	@echo "Installing what the tests need."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(CONSTRAINTS) --editable ".[test]"
	@command -v chromium >/dev/null || test "$$(id -u)" != 0 || ! command -v apt-get >/dev/null || \
		{ echo "Installing Chromium; without it the tests of the review widget are skipped."; \
		apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; } || true
	touch $@

clean:
	rm -rf .venv runs
