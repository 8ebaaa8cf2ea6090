"""Size, names, threads, handlers, docstrings: the house rules, read from the syntax trees."""

import ast

import pytest

from tests.architecture.code import Module, calls, dotted, functions, imported_names, modules, parsed

MAX_FILE, MAX_FUNCTION = 600, 60
BANNED_FILES = {"utils.py", "helpers.py", "util.py", "helper.py", "common.py", "misc.py", "manager.py"}

# Where threads may start; each other place has its reason here.
THREAD_HOMES = ("app/ui/jobs",)
THREADS_ALLOWED: dict[str, str] = {}
STARTERS = {
    *("threading.Thread", "threading.Timer", "threading._start_new_thread", "_thread.start_new_thread"),
    *("concurrent.futures", "multiprocessing", "asyncio.to_thread"),
    *("PySide6.QtCore.QThread", "PySide6.QtCore.QThreadPool", "PySide6.QtCore.QRunnable"),
    *("PySide6.QtConcurrent",),
}
# Where every error must be caught: the job runner and the excepthook.
CATCH_ALL = {
    "app/ui/jobs/runner.py": "a bug in a job goes to the crash dialog",
    "app/ui/errors/hooks.py": "the hook itself must not fail",
}


def starts_threads(module: Module) -> list[str]:
    found = []
    for node, name, _ in imported_names(module.tree):
        if any(name == starter or name.startswith(f"{starter}.") for starter in STARTERS):
            found.append(f"{module.at(node)} {name}")
    for node, name in calls(module.tree):
        last = name.split(".")[-1]
        if name in STARTERS or last in {"run_in_executor", "ThreadPoolExecutor", "processEvents"}:
            found.append(f"{module.at(node)} {name}")
    return found


def catches_all(module: Module) -> list[str]:
    """Broad handlers that end there; one that cleans up and raises again hides nothing."""
    found = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        names = {dotted(each).split(".")[-1] if each else "" for each in caught}
        raises_again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
        if names & {"", "Exception"} or ("BaseException" in names and not raises_again):
            found.append(module.at(node))
    return found


def undocumented(module: Module) -> list[str]:
    found = [] if ast.get_docstring(module.tree) else [module.path]
    return found + [module.at(node) for node in _public(module.tree.body) if not ast.get_docstring(node)]


def _public(body):
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            if not _is_override(node) and not _is_repeat(node):
                yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node
            yield from _public(node.body)


def _is_override(node):
    """Overrides of Qt are in camelCase, ours are marked; their meaning is the base's."""
    return node.name != node.name.lower() or "override" in _decorators(node)


def _is_repeat(node):
    return bool({"overload", "setter"} & _decorators(node))


def _decorators(node):
    return {ast.unparse(each).split("(")[0].split(".")[-1] for each in node.decorator_list}


def length(node):
    return node.end_lineno - node.lineno + 1


def test_threads_start_in_the_job_runner_only():
    free = [module for module in modules() if not module.is_in(*THREAD_HOMES, *THREADS_ALLOWED)]
    assert [place for module in free for place in starts_threads(module)] == []


def test_errors_are_caught_by_name():
    found = [place for module in modules() if module.path not in CATCH_ALL for place in catches_all(module)]
    assert found == []


def test_no_file_is_too_long():
    lengths = {module.path: module.source.count("\n") for module in modules()}
    assert {path: lines for path, lines in lengths.items() if lines > MAX_FILE} == {}


def test_no_function_is_too_long():
    found = {
        f"{module.at(node)} {node.name}": length(node)
        for module in modules()
        for node in functions(module.tree)
        if length(node) > MAX_FUNCTION
    }
    assert found == {}


def test_no_file_is_named_after_nothing():
    assert [module.path for module in modules() if module.path.split("/")[-1] in BANNED_FILES] == []


def test_every_public_thing_says_what_it_is():
    # A migration is described by its module: its function has the name that Alembic calls.
    told = [module for module in modules() if not module.is_in("app/models/migrations/versions")]
    assert [place for module in told for place in undocumented(module)] == []


# A writer waits here, off the GUI thread, for its turn: SQLite's own wait sleeps past the gaps of a busy writer.
MAY_SLEEP = {"app/services/workspace/engine.py"}


def test_no_print_and_no_asleep():
    found = [
        f"{module.at(node)} {name}"
        for module in modules()
        for node, name in calls(module.tree)
        if name in {"print", "time.sleep", "breakpoint", "pdb.set_trace", "eval", "exec", "os.system"}
        and not (name == "time.sleep" and module.path in MAY_SLEEP)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (starts_threads, "import threading\nthreading.Thread(target=f).start()\n"),
        (starts_threads, "from threading import Thread\n"),
        (starts_threads, "from concurrent.futures import ThreadPoolExecutor\n"),
        (starts_threads, "import concurrent.futures\n"),
        (starts_threads, "from PySide6.QtCore import QObject, QThread\n"),
        (starts_threads, "import multiprocessing as mp\n"),
        (starts_threads, "QApplication.processEvents()\n"),
        (catches_all, "try:\n    f()\nexcept Exception:\n    raise\n"),
        (catches_all, "try:\n    f()\nexcept:\n    pass\n"),
        (catches_all, "try:\n    f()\nexcept (OSError, Exception) as e:\n    pass\n"),
        (catches_all, "try:\n    f()\nexcept BaseException:\n    g()\n"),
        (undocumented, "x = 1\n"),
        (undocumented, '"""Doc."""\ndef f():\n    pass\n'),
        (undocumented, '"""Doc."""\nclass A:\n    """Doc."""\n    def f(self):\n        pass\n'),
    ],
)
def test_each_breach_is_seen(rule, source):
    assert rule(parsed("app/x.py", source)) != []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (starts_threads, "import threading\nthreading.Lock()\nthreading.Event()\n"),
        (catches_all, "try:\n    f()\nexcept BaseException:\n    g()\n    raise\n"),
        (catches_all, "try:\n    f()\nexcept (OSError, ValueError):\n    pass\n"),
        (
            undocumented,
            '"""Doc."""\nclass A:\n    """Doc."""\n    def paintEvent(self, event):\n        pass\n',
        ),
    ],
)
def test_what_is_allowed_passes(rule, source):
    assert rule(parsed("app/x.py", source)) == []
