"""Synthetic photographs of chest X-rays: a film or a monitor in a room, seen by a phone. See README.md."""
