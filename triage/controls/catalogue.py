"""The catalogue of controls: which there are, what each checks, and `docs/controls.md`, which is made from it."""

from triage.control import Control

CONTROLS: tuple[Control, ...] = ()
