"""Layouts of files of customers that can be imported, registered here."""

from accounts.adapters.customers import CUSTOMERS
from supportsuccess.imports import register

register(CUSTOMERS)
