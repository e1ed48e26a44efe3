"""seedbed: one repository for each student, grown from the template and kept up to date."""

from importlib.metadata import version

__version__ = version("seedbed")
