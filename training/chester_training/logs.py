"""What happened in a run: one JSON object a line, appended, so that a run that goes on keeps its history."""

import json
import time
from pathlib import Path


class JsonLines:
    """A log file; ``write`` also prints the line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, **fields: object) -> None:
        """One event, with the time in seconds since 1970."""
        line = json.dumps({"time": round(time.time(), 1), **fields})
        with self.path.open("a") as file:
            file.write(f"{line}\n")
        print(line, flush=True)
