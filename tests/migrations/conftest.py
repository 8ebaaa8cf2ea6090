import pytest

from app.services.workspace.engine import write_engine
from app.services.workspace.migrate import upgrade

KEY = b"\x07" * 32


@pytest.fixture
def new_engine(tmp_path):
    """Engines of empty encrypted files, closed at the end."""
    made = []

    def make(name="workspace.db"):
        made.append(write_engine(tmp_path / name, KEY))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def migrated(new_engine):
    engine = new_engine()
    upgrade(engine)
    return engine
