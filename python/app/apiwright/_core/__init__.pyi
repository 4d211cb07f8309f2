"""apiwright's C++ core. Import apiwright.core instead, which types and explains it."""

from . import access as access
from . import base as base
from . import data as data
from . import engine as engine
from . import passwords as passwords
from . import repositories as repositories
from . import tasks as tasks
from . import tokens as tokens
from . import validation as validation
