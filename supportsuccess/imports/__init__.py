"""Files in: upload, check all, preview, run, undo. What a format is, stands in `formats`."""

from supportsuccess.imports.formats import Format, Outcome, Section, register

__all__ = ["Format", "Outcome", "Section", "register"]
