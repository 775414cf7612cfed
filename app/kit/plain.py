"""Values as JSON knows them: identifiers, instants, amounts and sets become text and lists."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any
from uuid import UUID

from pydantic import BaseModel

AS_THEY_ARE = frozenset({str, int, bool, NoneType})


def plain(value: Any) -> Any:  # noqa: PLR0911 -- one way out for each kind
    """Return a value as JSON knows it; sets are sorted, so that equal values give equal text."""
    if type(value) in AS_THEY_ARE:  # most are, and every reading of a case asks a hundred times
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [each if type(each) in AS_THEY_ARE else plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, BaseModel):
        return {name: plain(each) for name, each in value if each is not None}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {
            key if type(key) is str else str(plain(key)): each if type(each) in AS_THEY_ARE else plain(each)
            for key, each in value.items()
        }
    if isinstance(value, (set, frozenset)):
        return sorted(plain(each) for each in value)
    return value
