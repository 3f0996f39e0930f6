"""Reads a compressed file of lines with Python's gzip and with DuckDB, and prints what each of them read, as JSON."""

import gzip
import hashlib
import json
import sys

import duckdb

path = sys.argv[1]
result = {}
if path.endswith(".gz"):
    with gzip.open(path, "rb") as file:
        read = file.read()
    lines = read.splitlines()
    result["gzip"] = {
        "lines": len(lines),
        "sha256": hashlib.sha256(read).hexdigest(),
        "ids": len({json.loads(line).get("_relay", {}).get("id") for line in lines}),
    }

columns = "{'activity': 'VARCHAR', '_relay': 'STRUCT(id VARCHAR, \"type\" VARCHAR)'}"
form = "newline_delimited" if path.endswith(".gz") else "array"
rows, ids, activities = (
    duckdb.connect()
    .execute(
        "SELECT count(*), count(DISTINCT _relay.id), count(activity) FROM read_json(?, "
        f"format = '{form}', columns = {columns}, maximum_object_size = 2000000, ignore_errors = ?)",
        [path, form == "newline_delimited"],
    )
    .fetchone()
)
result["duckdb"] = {"rows": rows, "ids": ids, "activities": activities}
print(json.dumps(result))
