"""The rules of the OCEL 2.0 JSON format, written down from the standard (ocel-standard.org, 2023, JSON schema and § 3).

1. One object with `objectTypes`, `eventTypes`, `objects` and `events`, each a list.
2. A type has a `name`, unique in its list, and `attributes`, each with a `name`, unique in the type, and a `type` of
   `string`, `time`, `integer`, `float`, `boolean`.
3. An object has a text `id`, unique among objects, and a declared `type`; an event has an `id`, unique among events, a
   declared `type`, and a `time` in ISO 8601.
4. Attributes of an event are `{name, value}`, those of an object `{name, time, value}`: each declared by the type, its
   value of the declared type; of one name and time an object has one value at most.
5. Relationships are `{objectId, qualifier}`; the object exists; the qualifier is a text. A pair of qualifier and object
   stands once. Events relate to one object at least.
6. Nothing else stands anywhere.
"""

from datetime import datetime
from typing import Any

KINDS = {"string": str, "integer": int, "float": float, "boolean": bool, "time": str}


def broken_rules(log: dict[str, Any]) -> list[str]:
    """What of the standard a log breaks, in words; nothing for one that keeps to it."""
    wrong: list[str] = []
    if set(log) != {"objectTypes", "eventTypes", "objects", "events"}:
        return [f"1: top level is {sorted(log)}"]
    types = {part: _declared(log[part], part, wrong) for part in ("objectTypes", "eventTypes")}
    ids = [one["id"] for one in log["objects"]]
    _unique(ids, "3: object id", wrong)
    _unique([one["id"] for one in log["events"]], "3: event id", wrong)
    known = set(ids)
    for one in log["objects"]:
        _keys(one, {"id", "type"}, {"attributes", "relationships"}, wrong)
        _attributes(one, types["objectTypes"], {"name", "time", "value"}, wrong)
        _relationships(one, known, wrong)
        named = [(at["name"], at["time"]) for at in one.get("attributes", [])]
        _unique(named, f"4: value of {one['id']}", wrong)
    for one in log["events"]:
        _keys(one, {"id", "type", "time"}, {"attributes", "relationships"}, wrong)
        _time(one["time"], wrong)
        _attributes(one, types["eventTypes"], {"name", "value"}, wrong)
        _relationships(one, known, wrong)
        if not one.get("relationships"):
            wrong.append(f"5: {one['id']} relates to nothing")
    return wrong


def _declared(types: list[dict[str, Any]], part: str, wrong: list[str]) -> dict[str, dict[str, str]]:
    _unique([one["name"] for one in types], f"2: {part}", wrong)
    for one in types:
        _keys(one, {"name", "attributes"}, set(), wrong)
        _unique([at["name"] for at in one["attributes"]], f"2: attribute of {one['name']}", wrong)
        wrong += [f"2: {at}" for at in one["attributes"] if set(at) != {"name", "type"} or at["type"] not in KINDS]
    return {one["name"]: {at["name"]: at["type"] for at in one["attributes"]} for one in types}


def _attributes(one: dict[str, Any], types: dict[str, dict[str, str]], keys: set[str], wrong: list[str]) -> None:
    if one["type"] not in types:
        wrong.append(f"3: {one['id']} has the unknown type {one['type']}")
        return
    for at in one.get("attributes", []):
        _keys(at, keys, set(), wrong)
        kind = KINDS.get(types[one["type"]].get(at["name"], ""))
        if kind is None or type(at["value"]) is not kind:
            wrong.append(f"4: {one['id']} says {at}")
        if "time" in keys:
            _time(at["time"], wrong)


def _relationships(one: dict[str, Any], known: set[str], wrong: list[str]) -> None:
    ties = [(tie["objectId"], tie["qualifier"]) for tie in one.get("relationships", [])]
    _unique(ties, f"5: relationship of {one['id']}", wrong)
    wrong += [f"5: {one['id']} relates to {name}, which is not there" for name, _ in ties if name not in known]
    wrong += [f"5: {one['id']} has no word for {name}" for name, how in ties if not isinstance(how, str) or not how]
    wrong += [f"6: {tie}" for tie in one.get("relationships", []) if set(tie) != {"objectId", "qualifier"}]


def _keys(one: dict[str, Any], needed: set[str], allowed: set[str], wrong: list[str]) -> None:
    if not needed <= set(one) <= needed | allowed:
        wrong.append(f"6: {sorted(one)} where {sorted(needed)} belong")


def _unique(values: list[Any], what: str, wrong: list[str]) -> None:
    if len(set(values)) != len(values):
        wrong.append(f"{what} stands twice")


def _time(text: str, wrong: list[str]) -> None:
    try:
        if datetime.fromisoformat(text).tzinfo is None:
            wrong.append(f"3: {text} has no zone")
    except ValueError:
        wrong.append(f"3: {text} is no instant")
