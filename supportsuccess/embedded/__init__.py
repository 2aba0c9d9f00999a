"""PostgreSQL and Valkey from wheels, and `manage.py up`, which runs everything on one machine."""
