"""Makes the views of events with Python's json, hmac and ipaddress, and prints where they differ, as JSON.

Each line of the file holds {"event", "members": [[path, action]], "removes_others", "seen", "raw_id", "id"}. White space is not
compared; spelling of numbers, order of members and duplicate keys are.
"""

import base64
import hashlib
import hmac
import ipaddress
import json
import sys

SECRET = base64.b64decode(sys.argv[2])


class Number(str):
    """A number as it is spelled."""


class Object(list):
    """Members in order, duplicates included."""


def read(text):
    return json.loads(text, object_pairs_hook=Object, parse_int=Number, parse_float=Number)


def rule_for(rules, place):
    fitting = [r for r in rules if len(r[0]) == len(place) and leads(r[0], place)]
    return min(fitting, key=lambda r: [step == "*" for step in r[0]], default=None)


def leads(steps, place):
    return all(step in ("*", here) for step, here in zip(steps, place))


def replaced(action, value):
    if action == "mask":
        return "***"
    if action == "network":
        return network(value) if type(value) is str else None
    if value is None:
        return None
    if not isinstance(value, str):
        return "***"
    text = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    bits = hmac.new(SECRET, b"pseudonym:" + text, hashlib.sha256).digest()[:16]
    return "p1:" + base64.urlsafe_b64encode(bits).decode().rstrip("=")


def network(text):
    if "%" in text or "/" in text:
        return None
    try:
        bits = 24 if ipaddress.ip_address(text).version == 4 else 48
        return str(ipaddress.ip_network(f"{text}/{bits}", strict=False).network_address)
    except ValueError:
        return None


def change(node, place, rules, removes):
    is_object = isinstance(node, Object)
    left = Object() if is_object else []
    for item in node:
        key, value = item if is_object else (None, item)
        name = "additionalParams" if not place and key == "additional_params" else key
        here = place + [name]
        rule = rule_for(rules, here)
        below = any(len(r[0]) > len(here) and leads(r[0], here) for r in rules)
        descends = below and isinstance(value, list)
        action = rule[1] if rule else None
        if action == "remove" or (rule is None and removes and not descends):
            continue
        if action in (None, "keep"):
            value = change(value, here, rules, removes and rule is None) if descends else value
        else:
            value = replaced(action, value)
        left.append((key, value) if is_object else value)
    return left


different = []
count = 0
for line in open(sys.argv[1], encoding="utf-8"):
    case = json.loads(line)
    expected = change(read(case["event"]), [], case["members"], case["removes_others"])
    count += 1
    keyed = hmac.new(SECRET, b"id:" + case["raw_id"].encode(), hashlib.sha256).hexdigest()[:32]
    if keyed != case["id"] or repr(expected) != repr(read(case["seen"])):
        different.append(case)
print(json.dumps({"cases": count, "different": different[:3]}))
