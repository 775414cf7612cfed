"""Every field of every form is declared with `asked`: its category, its words, and how it is asked."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic.fields import Field, FieldInfo
from pydantic_core import InitErrorDetails, PydanticCustomError

from app.kit.i18n import _
from app.safeguards.answers import Answer, unwritable
from app.safeguards.words import Category

Widget = Literal[
    "text", "area", "choice", "select", "ticks", "date", "partial_date", "number", "yes_no", "money",
    "organisation", "user", "shelter_place", "track", "group", "hidden",
]  # fmt: skip
FoundBy = Literal["name", "born", "sex", "number", "contact"]

# What helps with an answer of a kind, wherever a question has no help of its own.
GUIDES: dict[Widget, str] = {
    "text": _("A few words, as short as they can be."),
    "area": _("What is needed for this and no more; name nobody who need not be named."),
    "choice": _("One answer: where none fits wholly, the nearest."),
    "select": _("From the list: where none fits wholly, the nearest."),
    "ticks": _("Tick all that fit."),
    "date": _("For example, 27 3 2007"),
    "partial_date": _("For example, 27 3 2007. Leave empty the parts that you do not know."),
    "number": _("In figures, such as 12."),
    "yes_no": _("Yes or no, as far as it is known today."),
    "money": _("For example, 1200.50 EUR"),
    "organisation": _("One of those that work with this service."),
    "user": _("Somebody who works with this service."),
    "shelter_place": _("A free place by its code, which does not say where it is."),
    "track": _("One of those that are in this case already."),
    "group": _("The same questions for each; add as many as there are."),
    "hidden": _("The service fills it in."),
}


@dataclass(frozen=True)
class Asked:
    """How a field is asked, kept and shown."""

    category: Category
    label: str  # marked text
    help: str | None = None  # marked text under the label
    widget: Widget = "text"
    choices: dict[str, str] | None = None  # code -> marked label, in the order shown
    minimal: bool = False  # belongs to the minimised subset ("m" in the matrix)
    clear: str | None = None  # reason why the value is also kept unsealed, as a code for rules and clocks
    when: tuple[str, tuple[str, ...]] | None = None  # shown only if that field has one of those codes
    standard: str | None = None  # name in HTCDS 2.0 (IOM, CC BY 4.0)
    found_by: FoundBy | None = None  # the person can be found by it, as what

    @property
    def guide(self) -> str:
        """Return the marked text that helps with the answer: its own, or that of its kind."""
        return self.help or GUIDES[self.widget]


class Form(BaseModel):
    """What comes in: one model for the page and for JSON. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", strict=False, frozen=True, str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _writable(cls, sent: Any) -> Any:
        """Refuse, field by field, what no database keeps: NUL characters and lone surrogates."""
        if places := list(unwritable(sent)):
            error = PydanticCustomError("unwritable", "This text has a character that cannot be kept")
            details = [InitErrorDetails(type=error, loc=place, input=None) for place in places]
            raise ValidationError.from_exception_data(cls.__name__, details)
        return sent


def asked(  # noqa: PLR0913 -- a field has this many sides; all but two are named at the call
    category: Category, label: str, *, default: Any = ..., help: str | None = None,  # noqa: A002
    widget: Widget = "text", choices: dict[str, str] | None = None, minimal: bool = False,
    clear: str | None = None, when: tuple[str, tuple[str, ...]] | None = None,
    standard: str | None = None, found_by: FoundBy | None = None, **limits: Any,
) -> Any:  # fmt: skip
    """Declare a field; `limits` go to Pydantic (`max_length`, `ge`, ...). Without default it is required."""
    about = Asked(category, label, help, widget, choices, minimal, clear, when, standard, found_by)
    info: FieldInfo = Field(default, title=label, description=about.guide, **limits)
    info.metadata += [about, Answer(tuple(choices or ()), required=default is ...)]
    return info


@cache
def questions(form: type[BaseModel]) -> dict[str, Asked]:
    """Return the declared fields of a form by name; a field without declaration is an error."""
    found: dict[str, Asked] = {}
    for name, info in form.model_fields.items():
        about = next((each for each in info.metadata if isinstance(each, Asked)), None)
        if about is None:
            raise TypeError(f"{form.__name__}.{name} has no category: declare it with asked()")
        found[name] = about
    return found
