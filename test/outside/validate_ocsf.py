"""Validates the lines of a file, each for its own class and version. `_relay`, which the relay adds, is left out."""
import json
import sys

from jsonschema import Draft202012Validator
from ocsf_json_schema.embedded import OcsfJsonSchemaEmbedded
from ocsf_json_schema.loader import get_ocsf_schema

schemas = {}
validators = {}


def validator_of(version, uid):
    if version not in schemas:
        schemas[version] = OcsfJsonSchemaEmbedded(get_ocsf_schema(version))
    if (version, uid) not in validators:
        schema = schemas[version]
        name = schema.lookup_class_name_from_uid(uid)
        validators[version, uid] = Draft202012Validator(schema.get_class_schema(name))
    return validators[version, uid]


valid = 0
classes = set()
problems = []
for line in open(sys.argv[1], encoding="utf-8", newline="\n"):
    event = json.loads(line)
    del event["_relay"]
    uid = event["class_uid"]
    error = next(validator_of(event["metadata"]["version"], uid).iter_errors(event), None)
    if error is None:
        valid += 1
        classes.add(uid)
    else:
        problems.append(f"{uid} {event.get('message')} {list(error.path)}: {error.message[:200]}")
print(json.dumps({"valid": valid, "classes": sorted(classes), "problems": problems[:20]}))
