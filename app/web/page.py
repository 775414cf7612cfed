"""Pages: templates of every room, in the language of the reader, never kept by a browser."""

import hashlib
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from babel import Locale
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    pass_context,
)
from jinja2.runtime import Context

from app.kit.i18n import LANGUAGES, translate
from app.kit.ids import new_id
from app.kit.lengths import fitting
from app.profiles.citation import cited
from app.profiles.profile import load
from app.settings import settings
from app.web import filters
from app.web.drawing import Drawing
from app.web.wording import lookup, said

APP = Path(__file__).resolve().parents[1]
STATIC = Path(__file__).parent / "static"
YEAR = 31_536_000  # seconds
SWITCH = "lang"  # name of the query parameter
KEPT = "__Host-lang"  # name of the cookie


@cache
def environment(language: str) -> Environment:
    """Return the templates of all rooms, with every word in one language."""
    rooms = [str(path) for path in sorted(APP.glob("*/templates"))]
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(rooms), components]),
        autoescape=True,
        undefined=ChainableUndefined,  # the components read parameters that nobody gave
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "_": partial(translate, language=language),
        "language": language,
        "languages": LANGUAGES,
        "direction": filters.locale(language).text_direction,
        "new_key": new_id,
        "static": static,
    }
    made.filters |= {
        "isolate": filters.isolate,
        "in_order": filters.in_order,
        "fill": filters.fill,
        "cited": partial(cited, language=language),
        "day": partial(filters.day, language=language),
        "offered": partial(filters.offered, language=language),
        "inputs": partial(filters.inputs, language=language),
        "instant": _instant(language),
        "said": partial(said, language=language),
        "words": lambda code, labels=None: lookup(labels, code, language),
        "own_name": lambda code: (Locale.parse(code).get_display_name() or code).capitalize(),
    }
    return made


def _instant(language: str) -> Callable[[Context, Any], str]:
    @pass_context
    def shown(context: Context, value: Any) -> str:
        return filters.instant(value, language, context.get("zone") or "UTC")

    return shown


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page. Values given by name reach the template; `form` (a Drawing) brings its faults along.

    `language` (for a sheet that a person reads in her own) is the only value that changes the shell.
    """
    language = values.pop("language", None) or language_of(request)
    form = values.get("form")
    state = request.app.state
    given = getattr(state, "settings", None) or settings()
    around = {
        "request": request,
        "actor": getattr(request.state, "actor", None),
        "csrf": getattr(request.state, "csrf", None),
        "ends_in": getattr(getattr(request.state, "signed_in", None), "seconds_left", None),
        "has_news": getattr(getattr(request.state, "signed_in", None), "has_news", False),
        "leaves": _leaves(request, values),
        "zone": load(given.profile).zone,
        "exit_address": given.exit_address,
        "demonstration": getattr(state, "demonstration", False),
        "navigation": getattr(state, "navigation", _nowhere)(getattr(request.state, "actor", None)),
        "beneath": getattr(state, "beneath", _nowhere)(getattr(request.state, "actor", None)),
        "headed": isinstance(form, Drawing) and any(each.heading for each in form.questions),
        "summary": form.summary
        if isinstance(form, Drawing)
        else [(each, None) for each in values.get("faults", ())],
    }
    page = environment(language).get_template(template).render({**around, **values})
    response = HTMLResponse(page, status, headers={"Cache-Control": "no-store", "Content-Language": language})
    return _remembering(request, response)


def _leaves(request: Request, values: dict[str, Any]) -> str | None:
    """Return where a page goes by itself when its session ends, without a script; none on which one may type.

    Not to itself: two pages that open each other's session anew would never let it end.
    """
    if request.method not in ("GET", "HEAD") or request.url.path == "/sign-in":
        return None
    if any(isinstance(each, Drawing) for each in values.values()):
        return None
    return fitting(f"/sign-in?next={quote(request.url.path, safe='/')}", "/sign-in")


def language_of(request: Request) -> str:
    """Return the language asked for now, else chosen in this browser, else the person's, the browser's."""
    actor = getattr(request.state, "actor", None)
    chosen = (request.query_params.get(SWITCH), request.cookies.get(KEPT), getattr(actor, "language", None))
    return next((each for each in chosen if each in LANGUAGES), None) or _accepted(request)


def _accepted(request: Request) -> str:
    """Return the first of our languages by the weights of Accept-Language, English where none is named."""
    weighed: list[tuple[float, str]] = []
    for each in request.headers.get("accept-language", "").split(",")[:20]:
        name, _sign, weight = each.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), name[:2].lower()))
        except ValueError:
            continue
    return next(
        (name for _weight, name in sorted(weighed, key=lambda pair: pair[0]) if name in LANGUAGES), "en"
    )


def _remembering(request: Request, response: HTMLResponse) -> HTMLResponse:
    """Keep the language that was asked for, in this browser only."""
    asked = request.query_params.get(SWITCH)
    if asked in LANGUAGES and asked != request.cookies.get(KEPT):
        response.set_cookie(KEPT, asked, max_age=YEAR, httponly=True, samesite="lax", secure=True)
    return response


def _nowhere(_actor: object) -> list[tuple[str, str]]:
    return []


@cache
def static(path: str) -> str:
    """Return the address of a static file, which changes when the file does."""
    file = STATIC / path
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "missing"
    return f"/static/{path}?v={digest}"
