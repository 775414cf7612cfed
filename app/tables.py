"""Every models.py, named once, so that Alembic and the tests see all tables."""

from app.accounts import models as accounts
from app.cases import models as cases
from app.casework import models as casework
from app.deadlines import models as deadlines
from app.kit.database import Base
from app.notices import models as notices
from app.oversight import models as oversight
from app.safeguards import models as safeguards
from app.shelters import models as shelters
from app.web import models as web

MODELS = (accounts, cases, casework, deadlines, notices, oversight, safeguards, shelters, web)
METADATA = Base.metadata
