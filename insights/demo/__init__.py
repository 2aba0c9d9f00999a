"""Larkfield Systems, an invented company: loaded the way a real one is, with stories to walk."""
