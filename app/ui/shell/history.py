"""Remember where the user was, for back and forward."""

from app.ui.shell.page import Place

_LONGEST = 100


class History:
    """Keep the visited places and a position among them."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._at = -1

    @property
    def current(self) -> Place | None:
        """Return the place on screen, if any was visited."""
        return self._places[self._at] if self._places else None

    @property
    def can_go_back(self) -> bool:
        """Whether a place lies before the current one."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether a place lies after the current one."""
        return self._at < len(self._places) - 1

    def visit(self, place: Place) -> None:
        """Make this the current place and forget what lay ahead."""
        if place == self.current:
            return
        self._places = [*self._places[: self._at + 1], place][-_LONGEST:]
        self._at = len(self._places) - 1

    def back(self) -> Place | None:
        """Step to the place before, if there is one."""
        if not self.can_go_back:
            return None
        self._at -= 1
        return self.current

    def forward(self) -> Place | None:
        """Step to the place after, if there is one."""
        if not self.can_go_forward:
            return None
        self._at += 1
        return self.current
