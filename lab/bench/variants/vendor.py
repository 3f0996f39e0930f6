"""The vendor's connector for Microsoft Sentinel, in its shape of 2024, written for this benchmark from a description.

It follows the loop of Solutions/TransmitSecurity in the repository Azure/Azure-Sentinel (commit 05019bc): fetch,
post, fetch, one after the other; requests without a session, so each call connects anew and loads the authorities
anew; the answer through json() and out again through dumps(), in posts of at most 10,000 events. What it writes to
takes plain JSON, which spares it base64 and the hash of the body: that is in its favour, and left so.

Speaks to the benchmark as the other variants do: a round for each line on standard input, told on descriptor 3.
"""

import base64
import datetime
import hashlib
import hmac
import json
import os
import resource
import sys
import time

import requests

MOSAIC_URL = os.environ["MOSAIC_URL"]
SINK_URL = os.environ["SINK_URL"]
EVENTS_PER_POST = 10_000
SHARED_KEY = base64.b64encode(b"key-of-the-benchmark" * 3).decode()


def fetch_token():
    response = requests.post(
        MOSAIC_URL + os.environ["TOKEN_PATH"],
        data={
            "grant_type": "client_credentials",
            "client_id": os.environ["CLIENT_ID"],
            "client_secret": os.environ["CLIENT_SECRET"],
        },
    )
    response.raise_for_status()
    return response.json()["access_token"]


def fetch_events(token):
    response = requests.get(
        MOSAIC_URL + os.environ["COLLECT_PATH_AND_QUERY"],
        headers={"Authorization": "Bearer " + token, "Content-Type": "application/json"},
    )
    response.raise_for_status()
    return response.json()


def post_events(events):
    for start in range(0, len(events), EVENTS_PER_POST):
        body = json.dumps(events[start : start + EVENTS_PER_POST])
        date = datetime.datetime.now(datetime.timezone.utc).strftime("%a, %d %b %Y %H:%M:%S GMT")
        response = requests.post(
            SINK_URL + os.environ["SINK_PATH"] + "?api-version=2016-04-01",
            data=body,
            headers={
                "Content-Type": "application/json",
                "Log-Type": "TransmitSecurityUserActivity",
                "x-ms-date": date,
                "Authorization": "SharedKey workspace:" + signature(date, len(body)),
            },
        )
        response.raise_for_status()


def signature(date, length):
    text = f"POST\n{length}\napplication/json\nx-ms-date:{date}\n/api/logs"
    digest = hmac.new(base64.b64decode(SHARED_KEY), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_rss_mb():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    told = os.fdopen(3, "w")
    token = None
    for _ in sys.stdin:
        cpu, started = cpu_seconds(), time.perf_counter()
        token = token or fetch_token()
        events = fetch_events(token)
        while events:
            post_events(events)
            events = fetch_events(token)
        result = {
            "cpuSeconds": cpu_seconds() - cpu,
            "wallSeconds": time.perf_counter() - started,
            "peakRssMb": peak_rss_mb(),
        }
        told.write(json.dumps(result) + "\n")
        told.flush()


main()
