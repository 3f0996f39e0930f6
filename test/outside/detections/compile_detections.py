"""Compiles each Sigma rule of a folder by pySigma, for Splunk, for ES|QL and for SQLite.

Prints {rule: {"spl": query, "esql": query, "sql": query}} as JSON.
"""

import json
import pathlib
import sys

from sigma.backends.elasticsearch import ESQLBackend
from sigma.backends.splunk import SplunkBackend
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.processing.conditions import LogsourceCondition
from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import AddConditionTransformation, FieldMappingTransformation

TYPES = ["cis", "admin", "risk", "verify"]


def per_type(field, prefix=""):
    """The type of an event is a condition of each rule, in the SIEM's own field for it."""
    return [
        ProcessingItem(
            AddConditionTransformation({field: prefix + kind}),
            rule_conditions=[LogsourceCondition(product="mosaic", service=kind)],
        )
        for kind in TYPES
    ]


def pipeline(items, fields):
    names = [ProcessingItem(FieldMappingTransformation(fields))] if fields else []
    return ProcessingPipeline(name="mosaic", items=names + items)


SPLUNK = pipeline(
    per_type("sourcetype", "transmitsecurity:mosaic:"),
    {"recommendation": "mosaic_recommendation", "result": "mosaic_result"},
)
ELASTIC = pipeline(per_type("_relay.type"), {"recommendation": "additionalParams.recommendation", "result": "additionalParams.result"})
SQLITE = pipeline(per_type("type"), {})


def compiled(text):
    """A query for each language; a language whose backend cannot express the rule is left out."""
    sqlite = sqliteBackend(SQLITE)
    sqlite.table = "mosaic_events"
    backends = {"spl": SplunkBackend(SPLUNK), "esql": ESQLBackend(ELASTIC), "sql": sqlite}
    queries = {}
    for language, backend in backends.items():
        try:
            queries[language] = backend.convert(SigmaCollection.from_yaml(text))[-1]
        except NotImplementedError:
            pass
    return queries


folder = pathlib.Path(sys.argv[1])
rules = sorted(path for path in folder.glob("*.yml") if "# By hand" not in path.read_text())
print(json.dumps({path.stem: compiled(path.read_text()) for path in rules}))
