"""``python3 -m chester_training COMMAND …``: one command a step, each with ``--help``."""

import importlib
import os
import sys

# name -> module with `main(argv)`
COMMANDS = {
    "findings": "findings",
    "crossvalidate": "crossvalidate",
    "photographs": "photographs",
    "photograph-cost": "photograph_cost",
    "distances": "distances",
    "export": "export",
    "lungs": "lungs",
    "gate": "gate",
}
# glibc gives large blocks back to the system after each use and has them zeroed again: a fifth of a step's time.
MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(10**11), "MALLOC_TOP_PAD_": str(5 * 10**8)}


def main() -> None:
    """Runs a command; the process starts itself again once where memory settings are not yet those above."""
    command, *rest = sys.argv[1:] or ["--help"]
    if command not in COMMANDS:
        print(f"{__doc__}\ncommands: {', '.join(COMMANDS)}", file=sys.stderr)
        raise SystemExit(0 if command in ("-h", "--help") else 2)
    if "MALLOC_MMAP_MAX_" not in os.environ:
        os.execve(sys.executable, [sys.executable, "-m", "chester_training", *sys.argv[1:]], {**MEMORY, **os.environ})
    importlib.import_module(f".{COMMANDS[command]}", __package__).main(rest)


if __name__ == "__main__":
    main()
