# Recipes for people who work on Counterpoint; `just` alone lists them.
# They use the environment in .venv; `just setup` makes it.

bin := ".venv/bin"

_default:
    @just --list

# Make the environment.
setup:
    python3 -m venv .venv
    {{bin}}/pip install -e '.[dev]'

# Everything that has to pass before a change is proposed.
check: lint types imports test

# Style and mistakes.
lint:
    {{bin}}/ruff format --check .
    {{bin}}/ruff check .

# Lay the code out, and mend what can be mended safely.
format:
    {{bin}}/ruff format .
    {{bin}}/ruff check --fix .

types:
    {{bin}}/mypy

# Who may import whom.
imports:
    {{bin}}/lint-imports

# Run tests; arguments go to pytest.
test *arguments:
    {{bin}}/python -m pytest {{arguments}}

# Tests with branch coverage of the core, 95 % at least.
coverage:
    {{bin}}/coverage run -m pytest
    {{bin}}/coverage report --include 'bot/*' --show-missing --skip-covered --fail-under 95

# Bring uv.lock up to pyproject.toml.
lock:
    uv lock

# What a clean machine does, from the install on.
ci:
    bash .ci/run
