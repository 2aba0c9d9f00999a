"""Suggested labels: text models fitted here, measured on rows they did not see, and kept as arrays.

No model of Django, and no statistics package but in `fitting`, `features` and `parameters`, which
the worker alone imports.
"""
