"""What an import pulls in: no window below the window, and no cycle."""

import subprocess
import sys

import pytest

from tests.architecture.code import ROOT, imported_names, modules

QT = ("PySide6", "shiboken6")
# Only what opens a window may know Qt.
QT_HOMES = ("app/ui", "app/desktop", "app/tour.py", "app/tour")


def loaded_by(module):
    """The packages that a fresh process has loaded after the import."""
    code = f"import sys, {module}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["app.cli", "app.bootstrap", "app.sample"])
def test_the_command_line_starts_without_qt(module):
    assert loaded_by(module).isdisjoint(QT)


def test_qt_is_imported_where_windows_are():
    found = [
        f"{module.at(node)} {name}"
        for module in modules()
        if not module.is_in(*QT_HOMES)
        for node, name, _ in imported_names(module.tree)
        if name.split(".")[0] in QT
    ]
    assert found == []


LAYERS = ("app/errors.py", "app/models", "app/services", "app/ui")


def test_no_module_imports_a_layer_above_its_own():
    """The import contracts say it as well; this one also sees imports within functions."""
    found = []
    for module in modules():
        own = next((rank for rank, layer in enumerate(LAYERS) if module.is_in(layer)), None)
        if own is None:
            continue
        above = tuple(layer.removesuffix(".py").replace("/", ".") for layer in LAYERS[own + 1 :])
        above += ("app.cli", "app.bootstrap", "app.desktop", "app.tour", "app.server", "app.sample")
        found += [
            f"{module.at(node)} {name}"
            for node, name, _ in imported_names(module.tree)
            if any(name == layer or name.startswith(f"{layer}.") for layer in above)
        ]
    assert found == []


def test_the_server_package_is_imported_by_its_verbs_only():
    found = [
        f"{module.at(node)} {name}"
        for module in modules()
        if not module.is_in("app/server", "app/cli")
        for node, name, _ in imported_names(module.tree)
        if name == "app.server" or name.startswith("app.server.")
    ]
    assert found == []
