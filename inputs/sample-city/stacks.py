"""Two stacks of the sample city, hour by hour: the first quarter of 2021 and the hours before it.

Figures follow a pattern without chance; the trap (15) is set by hand. docs/sample-city.md says what it
must come to.
"""

from datetime import datetime, timedelta
from decimal import Decimal

OUTLETS = [("E06", "1", "SO2", "35"), ("E07", "1", "NOx", "50")]        # entity, outlet, pollutant, limit in mg/Nm3
FROM, TO = "2021-01-01", "2021-03-31"
BEFORE = {"E06": "2020-10-01T00", "E07": "2020-12-01T00"}
END = "2021-04-01T00"

# The largest hours of the year before. E06: of the last 2160 valid hours the first is 2020-11-03T00; E07: of the last 180
# valid ones before the failure, 2020-12-24T08. What came an hour earlier does not count.
LARGEST = {("E06", "2020-11-02T23"): "60.0", ("E06", "2020-11-03T00"): "50.0", ("E07", "2020-12-24T07"): "60.0",
           ("E07", "2020-12-24T08"): "45.0"}
# First hour and number of hours without valid data
MAINTENANCE = {"E06": ("2021-02-01T00", 540), "E07": ("2020-12-31T20", 12)}
ABSENT = {"E07": ("2021-02-10T03", 5)}                                    # no rows at all
NO_FLOW = ("E07", "2021-02-20T10")
LEAK = ("E07", "2021-03-05T04")                                           # 20.6 % of oxygen


def hours(first, last):
    at, end = (datetime.strptime(text, "%Y-%m-%dT%H") for text in (first, last))
    while at < end:
        yield at.strftime("%Y-%m-%dT%H")
        at += timedelta(hours=1)


def span(entry):
    first, count = entry
    begin = datetime.strptime(first, "%Y-%m-%dT%H")
    return {(begin + timedelta(hours=n)).strftime("%Y-%m-%dT%H") for n in range(count)}


def reading(entity, number, hour):
    """mg/Nm3 and Nm3/h of an hour."""
    if (entity, hour) in LARGEST:
        return Decimal(LARGEST[entity, hour]), 1000000
    return Decimal(220 + number * 7 % 23 * 5) / 10, 840000 + number * 13 % 17 * 10000


def before(entity):
    """hour, state and mass in kg: what a job is told of the year before."""
    lost = span(MAINTENANCE[entity])
    for number, hour in enumerate(hours(BEFORE[entity], f"{FROM}T00")):
        concentration, flow = reading(entity, number, hour)
        yield [hour, "other", ""] if hour in lost else [hour, "valid", f"{(concentration * flow / 1000000).normalize():f}"]


def quarter(entity):
    """hour, mg/Nm3, Nm3/h, per cent of oxygen, valid minutes, mark."""
    lost, absent = span(MAINTENANCE[entity]), span(ABSENT[entity]) if entity in ABSENT else ()
    for number, hour in enumerate(hours(f"{FROM}T00", END)):
        concentration, flow = reading(entity, number, hour)
        if hour in absent:
            continue
        if hour in lost:
            yield [hour, "", "", "", "0", "maintenance"]
        else:
            oxygen = "20.6" if (entity, hour) == LEAK else f"{Decimal(57 + number % 5) / 10}"
            yield [hour, str(concentration), "" if (entity, hour) == NO_FLOW else str(flow), oxygen, "60", ""]
