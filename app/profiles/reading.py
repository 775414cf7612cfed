"""Reading the files of profiles: the newest version beside this module, those before it in `earlier/`."""

from pathlib import Path
from typing import Any

import yaml


class OnceOnly(yaml.SafeLoader):
    """Reads YAML, and refuses a key that stands twice, of which plain YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return a mapping; raises ValueError with the key that is there twice."""
        keys = [self.construct_object(key, deep=True) for key, _value in node.value]
        if twice := sorted({str(key) for key in keys if keys.count(key) > 1}):
            raise ValueError(f"{self.name}: {', '.join(twice)} stands there twice")
        return super().construct_mapping(node, deep)


def read(folder: Path, code: str, version: int | None = None) -> dict[str, Any]:
    """Return what a profile's file says; raises LookupError where there is no such profile or version."""
    path = folder / f"{code}.yaml"
    if not path.is_file() or path.parent != folder:
        known = ", ".join(sorted(each.stem for each in folder.glob("*.yaml")))
        raise LookupError(f"there is no profile {code!r}; there are: {known}")
    found = _text(path)
    if version is None or found["version"] == version:
        return found
    earlier = folder / "earlier" / f"{code}-{version}.yaml"
    if not earlier.is_file():
        raise LookupError(f"there is no version {version} of profile {code!r}: {earlier} is missing")
    kept = _text(earlier)
    if (kept["code"], kept["version"]) != (code, version):
        raise ValueError(f"{earlier} says that it is {kept['code']} {kept['version']}")
    return kept


def _text(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        found = yaml.load(file, OnceOnly)  # noqa: S506 -- a SafeLoader, only stricter
    if not isinstance(found, dict) or not {"code", "version"} <= found.keys():
        raise ValueError(f"{path} is not a profile: it names no code and no version")
    if not path.stem.startswith(str(found["code"])):
        raise ValueError(f"{path} says that it is {found['code']!r}")
    return found
