"""The description of the JSON doors: what each takes besides its body, and every way in which it may refuse."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from app.safeguards.doors import ACCESS
from app.web.door import COOKIE, SAFE
from app.web.repeats import LONGEST

TEXT = {"type": ["string", "null"]}
PROBLEM = {  # RFC 9457
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "faults"],
    "properties": {
        "type": {"type": "string", "description": "kind of problem, such as /problems/stale"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what to do"},
        "instance": {"type": "string", "description": "number of the request"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message", "rule", "source"],
                "properties": {
                    "field": {**TEXT, "description": "dotted path, such as situations.0.began"},
                    "message": {"type": "string"},
                    "rule": {**TEXT, "description": "such as INV-17"},
                    "source": {**TEXT, "description": "the law, such as CETS 197 art. 12(7)"},
                },
            },
        },
        "sent": {"type": "object", "description": "of a stale send: what was sent"},
        "held": {"type": "object", "description": "of a stale send: what is kept now"},
    },
}
ALWAYS = {
    400: "What was sent cannot be read.",
    403: "A member of the case without this right; or a send that our own site did not start.",
    404: "Nothing here, or nothing that the asker may know of.",
    409: "A rule stands against it, or somebody else changed it in the meantime.",
    422: "What was sent does not fit; each fault names its field.",
    429: "As much was asked as may be in this time; wait.",
    503: "Ledger, keys or database cannot be reached; nothing was done, and nothing is shown.",
}
SIGNED_IN = {401: "No session, one that has ended, or one that is not fresh enough for the act."}
WRITING = {
    413: "Larger than the service takes.",
    415: "The body is not JSON.",
}


def describe(app: FastAPI) -> None:
    """Let the application describe its JSON doors, and not its pages."""
    described: dict[str, Any] = {}

    def description() -> dict[str, Any]:
        if not described:
            described.update(_description(app))
        return described

    app.openapi = description  # type: ignore[method-assign]


def _description(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(title=app.title, version=app.version, routes=app.routes)
    found["paths"] = {path: doors for path, doors in found["paths"].items() if path.startswith("/api/")}
    names = _names(app)
    for path, doors in found["paths"].items():
        for method, door in doors.items():
            _complete(door, method.upper(), is_public=ACCESS.entries[names[path, method.upper()]].public)
    parts = found.setdefault("components", {})
    parts["securitySchemes"] = {"session": {"type": "apiKey", "in": "cookie", "name": COOKIE}}
    parts.setdefault("schemas", {})["Problem"] = PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(unused, None)
    return found


def _names(app: FastAPI) -> dict[tuple[str, str], str]:
    return {
        (str(each.path), method): str(each.name)
        for each in iter_route_contexts(app.routes)
        for method in each.methods or ()
    }


def _complete(door: dict[str, Any], method: str, *, is_public: bool) -> None:
    """Add the refusals, the session, and the headers that a write brings."""
    refusals = ALWAYS | ({} if is_public else SIGNED_IN) | ({} if method in SAFE else WRITING)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    kept = {code: each for code, each in door["responses"].items() if int(code) < 400}
    own = {code: each for code, each in door["responses"].items() if int(code) >= 400 and code != "422"}
    all_doors = {str(code): {"description": refusals[code], "content": problem} for code in sorted(refusals)}
    door["responses"] = kept | all_doors | own  # a door that another standard describes refuses in its words
    door["security"] = [] if is_public else [{"session": []}]
    if method not in SAFE and not is_public:
        door["parameters"] = [*door.get("parameters", ()), *HEADERS]


def _header(name: str, description: str, *, is_required: bool, **limits: Any) -> dict[str, Any]:
    said = {"type": "string", **limits}
    return {"name": name, "in": "header", "required": is_required, "description": description, "schema": said}


HEADERS = (
    _header("X-CSRF-Token", "the token that GET /api/session gives", is_required=True),
    _header(
        "Idempotency-Key", "the same send with the same key is done once, and answered the same",
        is_required=False, maxLength=LONGEST,
    ),
)  # fmt: skip
