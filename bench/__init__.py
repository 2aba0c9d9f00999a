"""Figures beside their floors: `./ss bench [NAME…] --json`."""
