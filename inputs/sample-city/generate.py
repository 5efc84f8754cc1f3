#!/usr/bin/env python3
"""Writes the tables of the sample city: fifteen invented key emitters, every month of 2021 and 2022.

    python3 inputs/sample-city/generate.py

Every name and figure is invented. The same bytes come out each time: the chance is seeded, the
arithmetic is decimal, nothing is read from the clock. First an honest city is made (`make`), then the
traps of `TRAPS` are written into it by hand, cell by cell; docs/sample-city.md says what each must
come to. The job as the plants first sent it, in as-received/, is written out by hand further below;
the three emitters with yearly figures, and the moves of allowances, in market.py; permits, projects and
emission rights in pollutants.py, hours of stacks in stacks.py.
"""

import calendar
import json
import pathlib
import random
from decimal import ROUND_HALF_UP, Decimal, getcontext

import market
import pollutants
import stacks

HERE = pathlib.Path(__file__).resolve().parent
SEED = "qingzhang sample city 1"
YEARS = (2021, 2022)
MONTHS = [f"{y}-{m:02d}" for y in YEARS for m in range(1, 13)]
GJ_PER_TCE = Decimal("29.3076")
getcontext().prec = 50

# ── the city: entities and units ─────────────────────────────────────────────────────────────────

ENTITIES = {
    "E01": ("青原发电有限公司（虚构） Qingyuan Power (invented)", "91370000MAINVENT01"),
    "E02": ("柳埠发电厂（虚构） Liubu Power Plant (invented)", "91370000MAINVENT02"),
    "E03": ("北郊能源有限公司（虚构） Beijiao Energy (invented)", "91370000MAINVENT03"),
    "E04": ("铁西热电厂（虚构） Tiexi Heat and Power (invented)", "91370000MAINVENT04"),
    "E05": ("双桥热电有限公司（虚构） Shuangqiao Heat and Power (invented)", "91370000MAINVENT05"),
    "E06": ("黑石沟电厂（虚构） Heishigou Power Plant (invented)", "91370000MAINVENT06"),
    "E07": ("鹊山发电厂（虚构） Queshan Power Plant (invented)", "91370000MAINVENT07"),
    "E08": ("大清河发电有限公司（虚构） Daqinghe Power (invented)", "91370000MAINVENT08"),
    "E09": ("矸石湾综合利用电厂（虚构） Ganshiwan Power Plant (invented)", "91370000MAINVENT09"),
    "E10": ("历下源发电有限公司（虚构） Lixiayuan Power (invented)", "91370000MAINVENT10"),
    "E11": ("泉北燃机热电有限公司（虚构） Quanbei Gas Turbines (invented)", "91370000MAINVENT11"),
    "E12": ("稻香生物质耦合热电厂（虚构） Daoxiang Co-firing Plant (invented)", "91370000MAINVENT12"),
}
ABOVE, BELOW, UNCONVENTIONAL, GAS = (
    "conventional_coal_above_300MW", "conventional_coal_300MW_and_below", "unconventional_coal", "gas")

# rate: tce for a MWh generated; fuels: share of the heat; heat: peak GJ/h of the heating season;
# off: hours out of service in a month; load: mean load of a year where the trap fixes it.
UNITS = [
    dict(entity="E01", unit="1", cls=ABOVE, cooling="water", cap="660", rate="0.2860",
         fuels={"bituminous": "1", "diesel": ""}, eff="93.4", off={"2021-05": 408, "2022-10": 312}),
    dict(entity="E01", unit="2", cls=ABOVE, cooling="water", cap="660", rate="0.2875",
         fuels={"bituminous": "1", "diesel": ""}, eff="93.2", off={"2021-10": 360, "2022-04": 336}),
    dict(entity="E02", unit="1", cls=BELOW, cooling="water", cap="330", rate="0.3060",
         fuels={"bituminous": "1"}, eff="92.1", off={"2021-04": 500, "2022-05": 304}),
    dict(entity="E02", unit="2", cls=BELOW, cooling="water", cap="330", rate="0.3075",
         fuels={"bituminous": "1"}, eff="92.0", off={"2021-06": 380, "2022-05": 300}),
    dict(entity="E03", unit="1", cls=BELOW, cooling="air", cap="350", rate="0.3040",
         fuels={"bituminous": "1"}, eff="92.6", off={"2021-10": 420, "2022-10": 744}),
    dict(entity="E03", unit="2", cls=BELOW, cooling="air", cap="350", rate="0.3050",
         fuels={"bituminous": "1"}, eff="92.5", off={"2021-05": 390, "2022-06": 240}),
    dict(entity="E04", unit="1", cls=BELOW, cooling="water", cap="200", rate="0.2960", chp=True,
         fuels={"bituminous": "1"}, eff="91.0", off={"2021-09": 480, "2022-09": 300}),
    dict(entity="E05", unit="1", cls=BELOW, cooling="water", cap="300", rate="0.2940", chp=True,
         fuels={"bituminous": "1"}, eff="91.8", heat=780, off={"2021-06": 460, "2022-06": 288}),
    dict(entity="E06", unit="1#", cls=BELOW, cooling="water", cap="300", rate="0.3120",
         fuels={"bituminous": "1"}, eff="91.5", off={"2021-03": 240, "2022-04": 480}),
    dict(entity="E06", unit="2#", cls=BELOW, cooling="water", cap="300", rate="0.3135",
         fuels={"bituminous": "1"}, eff="91.4", off={"2021-09": 330, "2022-11": 200}),
    dict(entity="E06", unit="3#", cls=BELOW, cooling="air", cap="200", rate="0.3290",
         fuels={"lignite": "1"}, eff="90.2", off={"2021-11": 150, "2022-03": 372}),
    dict(entity="E07", unit="1", cls=BELOW, cooling="water", cap="350", rate="0.3045",
         fuels={"bituminous": "1"}, eff="92.3", off={"2021-04": 312, "2022-06": 160}),
    dict(entity="E08", unit="1", cls=ABOVE, cooling="water", cap="600", rate="0.2930", set="1-2",
         fuels={"bituminous": "1"}, eff="93.0"),
    dict(entity="E08", unit="2", cls=ABOVE, cooling="water", cap="600", rate="0.2935", set="1-2",
         fuels={"bituminous": "1"}, eff="93.0"),
    dict(entity="E08", unit="3", cls=BELOW, cooling="water", cap="300", rate="0.3160", set="1-2", standby=True,
         fuels={"bituminous": "1"}, eff="91.6"),
    dict(entity="E09", unit="1", cls=UNCONVENTIONAL, cooling="water", cap="135", rate="0.3380", chp=True, boiler="cfb",
         fuels={"gangue": "0.46", "slurry": "0.28", "bituminous": "0.26"}, eff="89.5", heat=230,
         off={"2021-08": 300, "2022-05": 420}),
    dict(entity="E09", unit="2", cls=BELOW, cooling="water", cap="135", rate="0.3360", boiler="cfb",
         fuels={"bituminous": "0.5", "gangue": "0.5"}, eff="89.8", off={"2021-05": 260, "2022-09": 310}),
    dict(entity="E10", unit="1", cls=ABOVE, cooling="water", cap="400", rate="0.2980",
         load={2021: "0.75", 2022: "0.85"}, fuels={"bituminous": "1"}, eff="92.8", off={"2021-04": 400, "2022-10": 350}),
    dict(entity="E10", unit="2", cls=BELOW, cooling="water", cap="330", rate="0.3065",
         fuels={"anthracite": "1"}, eff="92.2", off={"2021-10": 410, "2022-05": 280}),
    dict(entity="E11", unit="1", cls=GAS, cooling="water", cap="180", rate="0.2330", chp=True, combined=True,
         fuels={"natural_gas": "1"}, eff="88.0", heat=310, off={"2021-04": 360, "2022-10": 400}),
    dict(entity="E12", unit="1", cls=BELOW, cooling="water", cap="150", rate="0.3250", chp=True, biomass=True,
         fuels={"bituminous": "1"}, eff="90.0", heat=260, off={"2021-09": 300, "2022-09": 340}),
    dict(entity="E12", unit="2", cls=BELOW, cooling="water", cap="150", rate="0.2900", chp=True,
         fuels={"bituminous": "1"}, eff="90.6", heat=280, exchanger=True, off={"2021-10": 250, "2022-10": 200}),
]

# ncv GJ/t, carbon tC/GJ, total and air-dried moisture %, dry ash-free carbon %
COALS = {
    "bituminous": ("20.500", "0.02620", "10.6", "3.1", "82.4"),
    "anthracite": ("22.400", "0.02715", "7.2", "1.8", "93.2"),
    "lignite": ("14.200", "0.02770", "28.4", "12.5", "69.6"),
    "gangue": ("9.400", "0.02640", "7.4", "1.6", "78.5"),
    "slurry": ("12.300", "0.02610", "23.8", "2.6", "79.2"),
}
LOADS = [700, 620, 640, 580, 570, 640, 730, 740, 610, 570, 640, 710]        # per mille, by month

# ── traps, written out by hand: number, table, key, the cells that differ ────────────────────────
# A value None takes the row away.

UNTESTED = dict.fromkeys(("C_ad", "M_ad", "M_ar", "A_ad", "sampled", "reported", "accredited", "report_number"), "")
AS_RECEIVED_CARBON = dict(C_ad="", M_ad="", A_ad="")

TRAPS = [
    # 1  the same coal, the same sampling day; one report comes on day 40, the other on day 41
    (1, "fuel_month", ("E02", "1", "bituminous", "2022-05"),
     dict(AS_RECEIVED_CARBON, FC="41250.00", C_ar_measured="0.5210", NCV="19.860",
          sampled="2022-05-31", reported="2022-07-10")),
    (1, "unit_month", ("E02", "1", "2022-05"), dict(generation="91240.000", auxiliary="5018.200", hours="440.00")),
    (1, "fuel_month", ("E02", "2", "bituminous", "2022-05"),
     dict(AS_RECEIVED_CARBON, FC="41250.00", C_ar_measured="0.5210", NCV="19.860",
          sampled="2022-05-31", reported="2022-07-11")),
    (1, "unit_month", ("E02", "2", "2022-05"), dict(generation="90875.500", auxiliary="4998.150", hours="444.00")),
    # 2  a row that is not there; the outage month is that of E03, unit 1, under `off`: FC 0.00 and no more
    (2, "fuel_month", ("E03", "2", "bituminous", "2022-03"), None),
    # 3  daily calorific values, one of them missing (coal-day.csv); the month's carbon was not tested
    (3, "fuel_month", ("E04", "1", "bituminous", "2022-05"), dict(UNTESTED, FC="31000.00", NCV="")),
    (3, "unit_month", ("E04", "1", "2022-05"), dict(generation="66120.000", auxiliary="4628.400", hours="744.00")),
    # 4  a column in 万t; in one row the clerk typed tonnes
    (4, "fuel_month", ("E05", "1", "bituminous", "2022-05"), dict(FC="53400.00")),
    # 5  per cent typed as tC/t; M_ad and M_ar exchanged; a dry-basis value labelled air-dried
    (5, "fuel_month", ("E06", "1#", "bituminous", "2022-08"), dict(C_ad="58.73")),
    (5, "fuel_month", ("E06", "2#", "bituminous", "2022-06"),
     dict(C_ad="0.5710", M_ad="10.4", M_ar="3.2", A_ad="24.8")),
    (5, "fuel_month", ("E06", "3#", "lignite", "2022-09"), dict(C_ad="0.5460", M_ad="12.6", M_ar="28.1", A_ad="18.9")),
    # 7  belt scale and generation meter calibrated 12 months and 10 days before the month's end
    (7, "fuel_month", ("E07", "1", "bituminous", "2022-06"),
     dict(FC="45000.00", FC_uncovered="15000.00", NCV="20.480")),
    (7, "unit_month", ("E07", "1", "2022-06"),
     dict(generation="102000.000", generation_uncovered="34000.000", auxiliary="5406.000", hours="560.00")),
    # 8  a unit registered as condensing that gave heat in January
    (8, "heat_month", ("E08", "1", "暖", "2022-01"), dict(heat_metered="38450.00")),
    # 9, 10  purchased electricity that ends on a tie; the same amount a year before, by that year's factor
    (9, "unit_month", ("E10", "1", "2022-07"), dict(purchased="150.000")),
    (10, "unit_month", ("E10", "1", "2021-07"), dict(purchased="150.000")),
    # 10 no carbon test in February (older default) and August (reduced default); a provincial grid factor
    (10, "fuel_month", ("E10", "2", "anthracite", "2022-02"), dict(UNTESTED, FC="52340.17", NCV="20.512")),
    (10, "unit_month", ("E10", "2", "2022-02"), dict(generation="119460.000", auxiliary="6331.380", hours="672.00")),
    (10, "fuel_month", ("E10", "2", "anthracite", "2022-08"), dict(UNTESTED, FC="52340.17", NCV="20.512")),
    (10, "unit_month", ("E10", "2", "2022-08"), dict(generation="119880.000", auxiliary="6353.640", hours="744.00")),
    (10, "unit_month", ("E10", "2", "2022-10"), dict(purchased="200.000", grid_factor="0.6410")),
    # 11 gas: two tests in June, none in August (its tests are in GAS_TESTS)
    (11, "gas_month", ("E11", "1", "natural_gas", "2022-06"), dict(FC="1300.00")),
    (11, "unit_month", ("E11", "1", "2022-06"), dict(generation="69870.000", auxiliary="1676.880", hours="698.00")),
    (11, "gas_month", ("E11", "1", "natural_gas", "2022-08"), dict(FC="1250.00")),
    (11, "unit_month", ("E11", "1", "2022-08"), dict(generation="70930.000", auxiliary="1702.320", hours="744.00")),
    # 12 a doubtful steam-table cell; a state below saturation; return water netted a second time
    (12, "heat_month", ("E04", "1", "制药汽", "2022-03"),
     dict(D_supply="1000", h_supply="", pressure="0.5", temperature="400")),
    (12, "heat_month", ("E04", "1", "印染汽", "2022-11"),
     dict(D_supply="850", h_supply="", pressure="2", temperature="200")),
    (12, "heat_month", ("E04", "1", "采暖", "2022-12"), dict(D_return="520000", h_return="209.3")),
    # two errors that cancel: April was read three days late, on 3 May; what it has too much, May lacks.
    # Read in time: coal 41 400.00 and 41 850.00 t, generation 99 360.000 and 100 440.000 MWh
    ("cancel", "fuel_month", ("E12", "2", "bituminous", "2022-04"),
     dict(AS_RECEIVED_CARBON, FC="45540.00", C_ar_measured="0.5400", NCV="20.400")),
    ("cancel", "unit_month", ("E12", "2", "2022-04"),
     dict(generation="109296.000", auxiliary="7760.000", hours="720.00")),
    ("cancel", "fuel_month", ("E12", "2", "bituminous", "2022-05"),
     dict(AS_RECEIVED_CARBON, FC="37710.00", C_ar_measured="0.5400", NCV="20.400")),
    ("cancel", "unit_month", ("E12", "2", "2022-05"),
     dict(generation="90504.000", auxiliary="6425.800", hours="744.00")),
]

# 8  hours of the merged pair and of its standby unit: 2022 gives 5 000, 4 200 and 900 (in place of 2)
HOURS = {
    ("E08", "1"): {2021: "744 672 500 420 380 460 700 720 430 360 520 694",
                   2022: "744 640 430 300 280 400 620 640 246 0 300 400"},
    ("E08", "2"): {2021: "744 600 420 300 360 480 744 744 300 280 420 508",
                   2022: "720 84 0 360 420 480 600 640 300 196 0 400"},
    ("E08", "3"): {2021: "0 0 120 180 0 0 0 0 0 0 0 0",
                   2022: "0 500 280 0 0 0 0 0 0 0 120 0"},
}

# 11 analyses of 2022, per cent by volume; June has two that differ, the second adds to 99.2; August has none
GAS_COMPONENTS = ("CH4", "C2H6", "C3H8", "nC4H10", "iC4H10", "CO2", "N2")
GAS_TESTS = [
    ("2022-01-12", "368.412", "94.80 2.70 0.62 0.15 0.13 0.60 1.00"),
    ("2022-02-10", "367.950", "94.70 2.75 0.60 0.15 0.14 0.64 1.02"),
    ("2022-03-10", "368.870", "94.90 2.66 0.61 0.14 0.13 0.60 0.96"),
    ("2022-04-13", "367.204", "94.60 2.72 0.63 0.16 0.14 0.70 1.05"),
    ("2022-05-11", "368.033", "94.75 2.70 0.62 0.15 0.14 0.64 1.00"),
    ("2022-06-08", "365.120", "95.00 2.50 0.60 0.15 0.15 0.60 1.00"),
    ("2022-06-22", "371.480", "94.30 2.80 0.70 0.20 0.20 0.50 0.50"),
    ("2022-07-13", "368.251", "94.82 2.68 0.61 0.15 0.13 0.61 1.00"),
    ("2022-09-14", "367.882", "94.71 2.73 0.61 0.15 0.14 0.65 1.01"),
    ("2022-10-12", "368.604", "94.86 2.67 0.62 0.14 0.13 0.60 0.98"),
    ("2022-11-09", "368.117", "94.78 2.69 0.62 0.15 0.13 0.62 1.01"),
    ("2022-12-14", "367.745", "94.68 2.72 0.62 0.16 0.14 0.66 1.02"),
]

METERS = [("E07", "B-1", "1号机入炉煤皮带秤", "0.5"), ("E07", "G-1", "1号机发电机出口电能表", "0.5")]
CALIBRATIONS = [                                       # 7: the one of June 2021 ends on 2022-06-20
    ("E07", "B-1", "2020", "2020-06-22", "2021-06-21", "0.3"),
    ("E07", "B-1", "2021", "2021-06-21", "2022-06-20", "0.4"),
    ("E07", "B-1", "2022", "2022-07-01", "2023-06-30", "0.3"),
    ("E07", "G-1", "2020", "2020-06-22", "2021-06-21", "0.2"),
    ("E07", "G-1", "2021", "2021-06-21", "2022-06-20", "0.3"),
    ("E07", "G-1", "2022", "2022-07-01", "2023-06-30", "0.2"),
]


# ── decimal arithmetic and chance ────────────────────────────────────────────────────────────────

def places(value, n):
    return value.quantize(Decimal(1).scaleb(-n), rounding=ROUND_HALF_UP)


def near(chance, middle, spread, n):
    """A decimal of n places, at most `spread` away from `middle`."""
    steps = int(Decimal(spread).scaleb(n))
    return places(Decimal(middle) + Decimal(chance.randint(-steps, steps)).scaleb(-n), n)


def days_of(month):
    return calendar.monthrange(int(month[:4]), int(month[5:]))[1]


def heating_days(month):
    """Days of the heating season, 15 November to 15 March."""
    return {"11": 16, "12": 31, "01": 31, "02": days_of(month), "03": 15}.get(month[5:], 0)


def later(month, days):
    """The day so many days after the month's last."""
    year, number = int(month[:4]), int(month[5:])
    while True:
        year, number = (year, number + 1) if number < 12 else (year + 1, 1)
        length = calendar.monthrange(year, number)[1]
        if days <= length:
            return f"{year}-{number:02d}-{days:02d}"
        days -= length


# ── an honest city ───────────────────────────────────────────────────────────────────────────────

def months_of(year):
    return [f"{year}-{m:02d}" for m in range(1, 13)]


def make_hours(one, year, chance):
    """Hours of each month: an overhaul, two stops for want of demand, a short trip now and then."""
    hours, written = {}, HOURS.get((one["entity"], one["unit"]))
    reserve = chance.sample((3, 4, 6, 9, 10, 11), 2)
    for m, month in enumerate(months_of(year), start=1):
        if written:
            hours[month] = places(Decimal(written[year].split()[m - 1]), 2)
            continue
        off = one.get("off", {}).get(month, 0)
        if not off and m in reserve:
            off = chance.randint(170, 390)
        left = Decimal(24 * days_of(month) - off)
        if left > 600 and chance.randint(1, 100) <= 18:
            left -= near(chance, "38", "26", 2)
        hours[month] = places(left, 2)
    return hours


def make_production(one, chance):
    """Hours and generation of each month; with `load`, the year's load factor comes out exactly."""
    cap, rows = Decimal(one["cap"]), {}
    for year in YEARS:
        hours = make_hours(one, year, chance)
        target = Decimal(one.get("load", {}).get(year, "0"))
        for month, usual in zip(months_of(year), LOADS):
            share = Decimal(usual) / 1000
            if target:
                share = target + (share - Decimal("0.645")) * Decimal("0.35")
            share += near(chance, "0", "0.0350", 4)
            rows[month] = dict(hours=hours[month], generation=places(cap * hours[month] * share, 3))
        if target:
            made = sum(rows[month]["generation"] for month in months_of(year))
            last = rows[months_of(year)[-1]]
            last["generation"] = places(last["generation"] + target * cap * sum(hours.values()) - made, 3)
    return rows


def steam(season, chance, month):
    """E09: steam with return and make-up."""
    flow = places(season / Decimal("2.55") + 9000, 0)
    back = places(flow * Decimal("0.70"), 0)
    yield "矿区汽", dict(method="direct", D_supply=str(flow), h_supply="2838.6", D_return=str(back), h_return="293.1",
                      D_makeup=str(flow - back), h_makeup="83.7"), flow * Decimal("2.6")


def steam_and_network(season, chance, month):
    """E04: two steam customers, and a network whose meter nets the return."""
    for line, base, enthalpy in (("制药汽", "9200", "3271.8"), ("印染汽", "6400", "2903.2")):
        flow = near(chance, base, "700", 0)
        yield line, dict(method="direct_simple", D_supply=str(flow), h_supply=enthalpy), flow * 3
    heat = places(Decimal(410 * 24 * heating_days(month)) * near(chance, "0.86", "0.06", 3), 2)
    yield "采暖", dict(method="metered", heat_metered=str(heat), nets_return="true"), heat


def hot_water(season, chance, month):
    """E12: water of 97 °C by mass and temperature, 77 K × 4.1868."""
    flow = places(season / Decimal("0.3223836"), 0)
    yield "管网水", dict(method="hot_water", D_supply=str(flow), temperature="97"), flow * Decimal("0.3223836")


def network(season, chance, month):
    heat = places(season, 2)
    yield "采暖", dict(method="metered", heat_metered=str(heat)), heat


def idle_line(season, chance, month):
    yield "暖", dict(method="metered", heat_metered="0.00"), Decimal(0)


HEAT_LINES = {("E04", "1"): steam_and_network, ("E08", "1"): idle_line, ("E09", "1"): steam, ("E12", "2"): hot_water}


def make_heat(one, chance):
    """Heat lines of a unit: (line, month) -> cells, and the heat of each month in GJ."""
    lines, heat = {}, {month: Decimal(0) for month in MONTHS}
    make_lines = HEAT_LINES.get((one["entity"], one["unit"]), network if one.get("heat") else None)
    for month in MONTHS:
        season = Decimal(one.get("heat", 0) * 24 * heating_days(month)) * near(chance, "0.86", "0.06", 3)
        for line, cells, supplied in make_lines(season, chance, month) if make_lines else ():
            lines[line, month] = cells
            heat[month] += supplied
    return lines, heat


def make_coal(one, fuel, month, tonnes, ncv, chance, number):
    """A row of fuel_month for coal, with a laboratory's report."""
    _, carbon, wet, dry, daf = COALS[fuel]
    c_ar = ncv * near(chance, carbon, "0.00035", 5)
    m_ar, m_ad = near(chance, wet, "1.2", 1), near(chance, dry, "0.5", 1)
    c_ad = places(c_ar * (100 - m_ad) / (100 - m_ar), 4)
    ash = places(100 - m_ad - c_ad * 10000 / near(chance, daf, "1.2", 1), 2)
    report = f"{one['entity']}-{one['unit']}-{month.replace('-', '')}-{number:02d}"
    return dict(FC=str(tonnes), C_ad=str(c_ad), M_ad=str(m_ad), M_ar=str(m_ar), A_ad=str(ash),
                sampled=f"{month}-{days_of(month)}", reported=later(month, chance.randint(12, 34)), accredited="true",
                report_number=report, NCV=str(ncv))


def make_unit_month(one, month, made, chance):
    """A row of unit_month."""
    generation, hours = made["generation"], made["hours"]
    auxiliary = generation * near(chance, "0.071" if one.get("chp") else "0.052", "0.004", 4)
    idle = Decimal(24 * days_of(month)) - hours
    purchased = idle * Decimal(one["cap"]) * Decimal("0.0011") + near(chance, "6", "5", 3)
    cells = dict(generation=str(generation), auxiliary=str(places(auxiliary, 3)), purchased=str(places(purchased, 3)),
                 hours=str(hours))
    if one["entity"] == "E07":
        cells["meter"] = "G-1"
    if one.get("standby") and hours:
        cells["replaces"] = "2"
    return cells


def fossil_need(one, made, heat, chance):
    """Heat of the fossil fuels in GJ: more for a unit at low load, and for the heat it supplies."""
    load = made["generation"] / (Decimal(one["cap"]) * made["hours"]) if made["hours"] else Decimal(1)
    need = made["generation"] * Decimal(one["rate"]) * GJ_PER_TCE * (1 + (Decimal("0.75") - load) * Decimal("0.11"))
    need = need * near(chance, "1", "0.008", 4) + heat / Decimal("0.90")
    return need * Decimal("0.9") if one.get("biomass") else need


def make_gas(month, need, chance):
    """A row of gas_month; from 2022 on the tests have tables of their own."""
    ncv = near(chance, "368.100", "0.900", 3)
    cells = dict(FC=str(places(need / ncv, 2)))
    if month < "2022-01":
        cells.update(NCV=str(ncv), C_ar_measured=str(near(chance, "5.5600", "0.0200", 4)))
    return cells


def coal_amounts(one, need, chance):
    """(fuel, t, GJ/t) of a month."""
    if (one["entity"], one["unit"]) == ("E09", "2"):    # 9: exactly half the heat is gangue
        ncv = 2 * near(chance, "9.870", "0.160", 3)
        tonnes = places(need / 2 / ncv, 2)
        return [("bituminous", tonnes, ncv), ("gangue", 2 * tonnes, places(ncv / 2, 3))]
    amounts = []
    for fuel, share in one["fuels"].items():
        if fuel in COALS:
            ncv = near(chance, COALS[fuel][0], "0.300" if fuel == "gangue" else "0.420", 3)
            tonnes = places(need * Decimal(share) / ncv, 2)
            if one["entity"] == "E05":                  # this plant keeps 万t with two places
                tonnes = places(places(tonnes / 10000, 2) * 10000, 2)
            amounts.append((fuel, tonnes, ncv))
    return amounts


def make_fuels(one, month, hours, need, chance, tables):
    """The month's rows of fuel_month and gas_month; returns the heat of the coals, as the pack rounds it."""
    key, heat = (one["entity"], one["unit"]), Decimal(0)
    for number, (fuel, tonnes, ncv) in enumerate(coal_amounts(one, need, chance), start=1):
        row = make_coal(one, fuel, month, tonnes, ncv, chance, number) if hours else dict(FC="0.00")
        if one["entity"] == "E07":
            row["meter"] = "B-1"
        tables["fuel_month"][(*key, fuel, month)] = row
        heat += places(tonnes * ncv, 2)
    if "diesel" in one["fuels"]:
        tables["fuel_month"][(*key, "diesel", month)] = dict(FC=str(near(chance, "9.50", "7.25", 2)))
    if "natural_gas" in one["fuels"]:
        tables["gas_month"][(*key, "natural_gas", month)] = make_gas(month, need, chance)
    return heat


def make_boiler(one, fossil, chance):
    """9: at a boiler efficiency of 90.0 % the year's share of biomass is exactly a tenth."""
    rows = {}
    for year in YEARS:
        months = months_of(year)
        for month in months[:-1]:
            rows[month] = places(fossil[month] * near(chance, "1", "0.0140", 4), 2)
        rows[months[-1]] = sum(fossil[month] for month in months) - sum(rows[month] for month in months[:-1])
    return {(one["entity"], one["unit"], "1", month): dict(efficiency=one["eff"], heat=str(heat))
            for month, heat in rows.items()}


def make():
    tables = {name: {} for name in ("fuel_month", "gas_month", "heat_month", "unit_month", "boiler_month")}
    for one in UNITS:
        key = (one["entity"], one["unit"])
        chance = random.Random("/".join((SEED, *key)))
        production = make_production(one, chance)
        lines, heat = make_heat(one, chance)
        for (line, month), cells in lines.items():
            tables["heat_month"][(*key, line, month)] = cells
        fossil = {}
        for month in MONTHS:
            made = production[month]
            tables["unit_month"][(*key, month)] = make_unit_month(one, month, made, chance)
            need = fossil_need(one, made, heat[month], chance)
            fossil[month] = make_fuels(one, month, made["hours"], need, chance, tables)
        if one.get("biomass"):
            tables["boiler_month"].update(make_boiler(one, fossil, chance))
    return tables


def spring(tables):
    """The traps, into the honest city."""
    for _, table, key, cells in TRAPS:
        if cells is None:
            del tables[table][key]
        else:
            tables[table][key].update(cells)


# ── files ────────────────────────────────────────────────────────────────────────────────────────

# Labels of the pack, with its units; a heading is a code, a label, or either with a unit in brackets.
LABELS = {
    "FC": "燃料消耗量 [t]", "C_ad": "空气干燥基元素碳含量 [tC/t]", "M_ad": "空气干燥基水分 [%]", "M_ar": "收到基水分 [%]",
    "A_ad": "空气干燥基灰分 [%]", "sampled": "采样日期", "reported": "报告日期", "accredited": "检测机构具备CMA或CNAS",
    "report_number": "检测报告编号", "NCV": "收到基低位发热量（月） [GJ/t]",
}
UNIT_MONTH = {
    "meter": "发电量计量器具编号", "generation": "发电量（计量） [MWh]", "generation_uncovered": "其中未检定期间发电量 [MWh]",
    "auxiliary": "厂用电量 [MWh]", "purchased": "购入使用电量 [MWh]", "hours": "运行小时数 [h]", "replaces": "备用机组所替代的机组",
    "grid_factor": "电网排放因子 [tCO2/MWh]",
}
FUEL = ["meter", "FC", "FC_uncovered", "C_ad", "C_ar_measured", "M_ad", "M_ar", "A_ad", "sampled", "reported",
        "accredited", "report_number", "NCV"]
HEAT = ["method", "heat_metered", "nets_return", "D_supply", "h_supply", "pressure", "temperature", "D_return",
        "h_return", "D_makeup", "h_makeup"]
FUEL_KEY = ["entity", "unit", "fuel", "month"]


def csv(name, headings, rows, encoding="utf-8"):
    lines = [headings, *rows]
    for line in lines:
        assert not any(c in cell for cell in line for c in ',"\n'), line
    text = "".join(",".join(line) + "\n" for line in lines)
    (HERE / name).write_bytes(text.encode(encoding))


def rows_of(table, columns, wanted=lambda key: True):
    return [[*key, *(cells.get(c, "") for c in columns)] for key, cells in sorted(table.items()) if wanted(key)]


def write_xml(name, columns, rows):
    body = "".join("  <row " + " ".join(f'{k}="{v}"' for k, v in zip(columns, row)) + "/>\n" for row in rows)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<table>\n{body}</table>\n'
    (HERE / name).write_text(text, encoding="utf-8")


def write_json(name, rows):
    body = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows)
    (HERE / name).write_text(f"[\n{body}\n]\n", encoding="utf-8")


def write_registers():
    csv("entity.csv", ["entity", "重点排放单位名称", "统一社会信用代码", "所在省份"],
        [[entity, name, code, "虚构省"] for entity, (name, code) in {**ENTITIES, **market.ENTITIES, **pollutants.ENTITIES}.items()])
    rows = []
    for one in UNITS:
        flags = {name: "true" if one.get(name) else "false"
                 for name in ("chp", "standby", "combined", "exchanger", "biomass")}
        boiler = "" if one["cls"] == GAS else one.get("boiler", "pulverised")
        rows.append([one["entity"], one["unit"], one["cls"], one["cooling"], flags["chp"], one["cap"],
                     one.get("set", ""), flags["standby"], flags["combined"], flags["exchanger"], boiler,
                     one["eff"], flags["biomass"]])
    for entity, unit, cls, capacity in market.UNITS:
        boiler = "" if cls == GAS else "pulverised"
        rows.append([entity, unit, cls, "water", "false", capacity, "", "false", "false", "false", boiler, "", "false"])
    csv("unit.csv", ["entity", "unit", "机组类别", "排汽冷却方式", "热电联产", "装机容量 [MW]", "set", "standby", "combined_cycle",
                     "heat_exchanger", "boiler_type", "锅炉效率 [%]", "biomass"], rows)
    write_xml("meter.xml", ("entity", "meter", "name", "accuracy"), METERS)
    write_xml("calibration.xml", ("entity", "meter", "calibration", "done", "due", "accuracy_found"), CALIBRATIONS)


def write_fuel(table):
    own = ("E01", "E05", "E09")
    for year in YEARS:
        csv(f"fuel-{year}.csv", [*FUEL_KEY, *FUEL],
            rows_of(table, FUEL, lambda key: key[0] not in own and key[3][:4] == str(year)))
    write_fuel_with_evidence(table)
    write_fuel_in_wan_tonnes(table)
    write_fuel_across(table)


def write_fuel_with_evidence(table):
    """E01 names its sources and evidence."""
    rows = []
    for key, cells in sorted(table.items()):
        if key[0] == "E01":
            coal, evidence = key[2] != "diesel", f"EV-{key[1]}-{key[3]}"
            told = ["实测", "入炉煤皮带秤月报" if coal else "油库台账", evidence + ("-A" if coal else "-D")]
            rows.append([*key, cells["FC"], *told, *(cells.get(c, "") for c in list(LABELS)[1:]),
                         "自行检测" if coal else "缺省值", evidence + "-N" if coal else ""])
    headings = [LABELS[c] if c != "M_ar" else "M_ar [%]" for c in list(LABELS)[1:]]
    csv("fuel-E01.csv", [*FUEL_KEY, LABELS["FC"], "FC@mode", "FC@source", "FC@evidence", *headings, "NCV@mode",
                         "NCV@evidence"], rows)


def write_fuel_in_wan_tonnes(table):
    """E05 keeps its books in 万t and in GB18030."""
    rows = []
    for key, cells in sorted(table.items()):
        if key[0] == "E05":
            typed = (4, "fuel_month", key) in [trap[:3] for trap in TRAPS]     # 4: tonnes in a column of 万t
            amount = cells["FC"] if typed else str(places(Decimal(cells["FC"]) / 10000, 2))
            rows.append([*key, amount, *(cells.get(c, "") for c in list(LABELS)[1:])])
    csv("fuel-E05.csv", [*FUEL_KEY, "燃料消耗量 [万t]", *list(LABELS.values())[1:]], rows, "gb18030")


def write_fuel_across(table):
    """E09 has months across and one line for each quantity, with a line that adds up."""
    mine = {key: cells for key, cells in table.items() if key[0] == "E09"}
    rows = []
    for unit, fuel in sorted({key[1:3] for key in mine}):
        for column, label in LABELS.items():
            if column != "report_number":
                cells = [mine["E09", unit, fuel, month].get(column, "") for month in MONTHS]
                rows.append([unit, fuel, label.split(" [")[0], *cells])
    sums = [str(sum(Decimal(cells["FC"]) for key, cells in mine.items() if key[3] == month)) for month in MONTHS]
    csv("fuel-E09.csv", ["机组", "燃料", "项目", *MONTHS], [*rows, ["合计", "", "燃料消耗量", *sums]])


def write_tests():
    """3: the 17th has no calorific value. 11: the gas analyses."""
    csv("coal-day.csv", ["entity", "unit", "fuel", "day", "入炉煤量 [t]", "收到基低位发热量 [GJ/t]"],
        [["E04", "1", "bituminous", f"2022-05-{d:02d}", "1000.00", "" if d == 17 else "19.860"] for d in range(1, 32)])
    tests, components = [], []
    for number, (day, ncv, shares) in enumerate(GAS_TESTS, start=1):
        key = {"entity": "E11", "unit": "1", "fuel": "natural_gas", "test": f"G{number:02d}"}
        tests.append({**key, "day": day, "NCV": ncv})
        components += [{**key, "component": component, "day": day, "share": share}
                       for component, share in zip(GAS_COMPONENTS, shares.split())]
    write_json("gas-test.json", tests)
    write_json("gas-component.json", components)


# ── the job as the plants first sent it: refused, and every problem named ────────────────────────

def write_as_received(tables):
    """6 names of one unit in three files, a total row, a total column; 5 and 11 where the form is wrong."""
    coal = {key[3]: cells for key, cells in tables["fuel_month"].items() if key[:3] == ("E06", "1#", "bituminous")}
    columns = ["FC", "C_ad", "M_ad", "M_ar", "A_ad", "NCV"]
    headings = [*FUEL_KEY, *(LABELS[c] for c in columns)]

    def line(unit, month, **other):
        cells = {**coal[month], **other}
        return ["E06", unit, "bituminous", month, *(cells[c] for c in columns)]

    csv("as-received/entity.csv", ["entity", "name"], [[entity, ENTITIES[entity][0]] for entity in ("E06", "E11")])
    csv("as-received/unit.csv", ["entity", "unit", "class", "chp", "capacity [MW]"],
        [["E06", "1#", BELOW, "false", "300"], ["E06", "2#", BELOW, "false", "300"], ["E11", "1", GAS, "true", "180"]])
    csv("as-received/coal-yard.csv", headings,
        [line("1#", "2022-01"), line("1#", "2022-02"), line("１#", "2022-02"), line("１#", "2022-03")])
    csv("as-received/laboratory.csv", headings,
        [line("1#", "2022-04", C_ad="57.24%"), line("#1机组", "2022-05"), line("1#", "2022-06", FC="４６１２０.15"),
         ["E06", "合计", "bituminous", "2022-06", "138620.15", "", "", "", "", ""]], "gb18030")
    csv("as-received/statistics.csv", [*headings, "全年合计"], [[*line("1#", "2022-07"), "551830.44"]])
    gas = rows_of(tables["gas_month"], ["FC"], lambda key: key[3] in ("2022-01", "2022-02"))
    csv("as-received/gas.csv", [*FUEL_KEY, "气体燃料消耗量 [万Sm3]"], gas)


def write_market():
    csv("unit-year.csv", ["entity", "unit", "year", "发电量 [MWh]", "供电量 [MWh]", "供热量 [GJ]", "负荷（出力）系数 [%]", "emissions [tCO2]"],
        market.UNIT_YEARS)
    csv("lot.csv", ["instrument", "lot", "vintage", "series"], market.LOTS)
    csv("moves.csv", ["id", "date", "kind", "instrument", "lot", "from", "to", "quantity", "price", "ref", "for_year"],
        market.moves())


def write_pollutants(honest):
    """Permits, rights and projects; discharges follow from what was really generated."""
    generated = {}
    for (entity, _, month), cells in honest["unit_month"].items():
        generated[entity, month] = generated.get((entity, month), Decimal(0)) + Decimal(cells["generation"])
    others = list(market.ENTITIES)
    csv("permit.csv", ["entity", "管理类别", "已安装自动监测设备", "有效期起", "有效期止"], pollutants.permits(others))
    csv("permit-year.csv", ["entity", "pollutant", "year", "年许可排放量 [t/a]"], pollutants.permit_years())
    csv("permit-month.csv", ["entity", "pollutant", "month", "actual"], pollutants.permit_months(generated))
    csv("right-lot.csv", ["instrument", "lot", "污染物", "区域（流域）", "行业类别", "取得方式", "有效期起", "有效期止"], pollutants.lots())
    csv("right-moves.csv", pollutants.HEADINGS, pollutants.moves())
    csv("right-account.csv", ["entity", "account_kind", "right_sector", "air_zone"], pollutants.accounts(others))
    csv("right-rules.csv", ["price_basis"], [["one_off"]])
    csv("right-zone.csv", ["zone", "zone_medium", "province"], [[pollutants.ZONE, "air", "虚构省"]])
    csv("right-zone-year.csv", ["zone", "year", "PM25", "attains"], pollutants.ZONE_YEARS)
    csv("right-cap.csv", ["zone", "pollutant", "总量控制指标 [t/a]"], pollutants.CAPS)
    csv("right-fee.csv", ["entity", "contract", "污染物", "对应批次", "核定量 [t/a]", "一次性单价 元/吨", "缴款期限"], pollutants.FEES)
    csv("right-payment.csv", ["entity", "contract", "缴款日期", "缴款金额 [CNY]"], pollutants.PAYMENTS)
    csv("right-surplus.csv", ["entity", "reduction", "pollutant", "recognised", "kind_of_cut", "stable", "evidence_complete", "unresolved"],
        [[*one, "true", "true", "false"] for one in pollutants.CUTS])
    csv("replacement.csv", ["entity", "new_project", "pollutant", "year", "zone", "new_emission", "approved"], pollutants.REPLACEMENTS)
    csv("project.csv", ["entity", "project", "area", "type", "stable", "listed", "evidence_complete", "credited_before", "output_only",
                        "falsified", "base_source"], pollutants.projects())
    csv("project-year.csv", *pollutants.project_years())
    csv("project-material.csv", ["entity", "project", "material", "pollutant", "year", "used", "share0", "share1", "removal"],
        pollutants.MATERIALS)
    csv("area-target.csv", ["area", "pollutant", "year", "target"], pollutants.TARGETS)


def write_stacks():
    csv("outlet.csv", ["entity", "outlet", "排放口类型"], [[entity, outlet, "main"] for entity, outlet, *_ in stacks.OUTLETS])
    csv("outlet-pollutant.csv", ["entity", "outlet", "pollutant", "required", "monitored_from", "monitored_to", "source_kind", "limit"],
        [[*one[:3], "true", stacks.FROM, stacks.TO, "coal_power_boiler", one[3]] for one in stacks.OUTLETS])
    for entity, *_ in stacks.OUTLETS:
        csv(f"stack-{entity}.csv", ["hour", "concentration", "flow", "oxygen", "minutes", "mark"], stacks.quarter(entity))
        csv(f"stack-{entity}-before.csv", ["hour", "state", "measured"], stacks.before(entity))


def write():
    write_market()
    write_stacks()
    honest = make()
    write_as_received(honest)
    write_pollutants(honest)
    tables = make()
    spring(tables)
    write_registers()
    write_fuel(tables["fuel_month"])
    write_tests()
    csv("unit-month.csv", ["entity", "unit", "month", *UNIT_MONTH.values()],
        rows_of(tables["unit_month"], list(UNIT_MONTH)), "utf-8-sig")
    csv("heat-month.csv", ["entity", "unit", "line", "month", *HEAT], rows_of(tables["heat_month"], HEAT))
    csv("gas-month.csv", [*FUEL_KEY, "FC [万Nm3]", "C_ar_measured", "NCV"],
        rows_of(tables["gas_month"], ["FC", "C_ar_measured", "NCV"]))
    csv("boiler-month.csv", ["entity", "unit", "boiler", "month", "锅炉效率 [%]", "锅炉产热量 [GJ]"],
        rows_of(tables["boiler_month"], ["efficiency", "heat"]))


if __name__ == "__main__":
    write()
