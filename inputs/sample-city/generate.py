#!/usr/bin/env python3
"""Writes the tables of the sample city: twelve invented key emitters, every month of 2021 and 2022.

    python3 inputs/sample-city/generate.py

Every name and figure is invented. The same bytes come out each time: the chance is seeded, the
arithmetic is decimal, nothing is read from the clock. First an honest city is made (`make`), then the
traps of `TRAPS` are written into it by hand, cell by cell; docs/sample-city.md says what each must
come to. The job as the plants first sent it, in as-received/, is written out by hand further below.
"""

import calendar
import json
import pathlib
import random
from decimal import ROUND_HALF_UP, Decimal, getcontext

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
    dict(entity="E10", unit="1", cls=ABOVE, cooling="water", cap="400", rate="0.2980", load={2021: "0.75", 2022: "0.85"},
         fuels={"bituminous": "1"}, eff="92.8", off={"2021-04": 400, "2022-10": 350}),
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

TRAPS = [
    # 1  the same coal, the same sampling day; one report comes on day 40, the other on day 41
    (1, "fuel_month", ("E02", "1", "bituminous", "2022-05"),
     dict(FC="41250.00", C_ad="", M_ad="", A_ad="", C_ar_measured="0.5210", NCV="19.860", sampled="2022-05-31", reported="2022-07-10")),
    (1, "unit_month", ("E02", "1", "2022-05"), dict(generation="91240.000", auxiliary="5018.200", hours="440.00")),
    (1, "fuel_month", ("E02", "2", "bituminous", "2022-05"),
     dict(FC="41250.00", C_ad="", M_ad="", A_ad="", C_ar_measured="0.5210", NCV="19.860", sampled="2022-05-31", reported="2022-07-11")),
    (1, "unit_month", ("E02", "2", "2022-05"), dict(generation="90875.500", auxiliary="4998.150", hours="444.00")),
    # 2  an outage for a whole month (its row says FC 0.00 and no more); a row that is not there at all
    (2, "fuel_month", ("E03", "2", "bituminous", "2022-03"), None),
    # 3  daily calorific values, one of them missing; the month's carbon was not tested
    (3, "fuel_month", ("E04", "1", "bituminous", "2022-05"),
     dict(FC="31000.00", C_ad="", M_ad="", M_ar="", A_ad="", NCV="", sampled="", reported="", report_number="", accredited="")),
    (3, "unit_month", ("E04", "1", "2022-05"), dict(generation="66120.000", auxiliary="4628.400", hours="744.00")),
    # 4  a column in 万t; in one row the clerk typed tonnes
    (4, "fuel_month", ("E05", "1", "bituminous", "2022-05"), dict(FC="53400.00")),
    # 5  per cent typed as tC/t; M_ad and M_ar exchanged; a dry-basis value labelled air-dried
    (5, "fuel_month", ("E06", "1#", "bituminous", "2022-08"), dict(C_ad="58.73")),
    (5, "fuel_month", ("E06", "2#", "bituminous", "2022-06"), dict(C_ad="0.5710", M_ad="10.4", M_ar="3.2", A_ad="24.8")),
    (5, "fuel_month", ("E06", "3#", "lignite", "2022-09"), dict(C_ad="0.5460", M_ad="12.6", M_ar="28.1", A_ad="18.9")),
    # 7  belt scale and generation meter calibrated 12 months and 10 days before the month's end
    (7, "fuel_month", ("E07", "1", "bituminous", "2022-06"), dict(FC="45000.00", FC_uncovered="15000.00", NCV="20.480")),
    (7, "unit_month", ("E07", "1", "2022-06"),
     dict(generation="102000.000", generation_uncovered="34000.000", auxiliary="5406.000", hours="560.00")),
    # 8  a unit registered as condensing that gave heat in January
    (8, "heat_month", ("E08", "1", "暖", "2022-01"), dict(heat_metered="38450.00")),
    # 9, 10  purchased electricity that ends on a tie; the same amount a year before, by that year's factor
    (9, "unit_month", ("E10", "1", "2022-07"), dict(purchased="150.000")),
    (10, "unit_month", ("E10", "1", "2021-07"), dict(purchased="150.000")),
    # 10 no carbon test in February (older default) and August (reduced default); a provincial grid factor
    (10, "fuel_month", ("E10", "2", "anthracite", "2022-02"),
     dict(FC="52340.17", C_ad="", M_ad="", M_ar="", A_ad="", NCV="20.512", sampled="", reported="", report_number="", accredited="")),
    (10, "unit_month", ("E10", "2", "2022-02"), dict(generation="119460.000", auxiliary="6331.380", hours="672.00")),
    (10, "fuel_month", ("E10", "2", "anthracite", "2022-08"),
     dict(FC="52340.17", C_ad="", M_ad="", M_ar="", A_ad="", NCV="20.512", sampled="", reported="", report_number="", accredited="")),
    (10, "unit_month", ("E10", "2", "2022-08"), dict(generation="119880.000", auxiliary="6353.640", hours="744.00")),
    (10, "unit_month", ("E10", "2", "2022-10"), dict(purchased="200.000", grid_factor="0.6410")),
    # 11 gas: two tests in June, none in August (its tests are in GAS_TESTS)
    (11, "gas_month", ("E11", "1", "natural_gas", "2022-06"), dict(FC="1300.00")),
    (11, "unit_month", ("E11", "1", "2022-06"), dict(generation="69870.000", auxiliary="1676.880", hours="698.00")),
    (11, "gas_month", ("E11", "1", "natural_gas", "2022-08"), dict(FC="1250.00")),
    (11, "unit_month", ("E11", "1", "2022-08"), dict(generation="70930.000", auxiliary="1702.320", hours="744.00")),
    # 12 a doubtful steam-table cell; a state below saturation; return water netted a second time
    (12, "heat_month", ("E04", "1", "制药汽", "2022-03"), dict(D_supply="1000", h_supply="", pressure="0.5", temperature="400")),
    (12, "heat_month", ("E04", "1", "印染汽", "2022-11"), dict(D_supply="850", h_supply="", pressure="2", temperature="200")),
    (12, "heat_month", ("E04", "1", "采暖", "2022-12"), dict(D_return="520000", h_return="209.3")),
    # two errors that cancel: April was read three days late, on 3 May; what it has too much, May lacks.
    # Read in time: coal 41 400.00 and 41 850.00 t, generation 99 360.000 and 100 440.000 MWh
    ("cancel", "fuel_month", ("E12", "2", "bituminous", "2022-04"),
     dict(FC="45540.00", C_ad="", M_ad="", A_ad="", C_ar_measured="0.5400", NCV="20.400")),
    ("cancel", "unit_month", ("E12", "2", "2022-04"), dict(generation="109296.000", auxiliary="7760.000", hours="720.00")),
    ("cancel", "fuel_month", ("E12", "2", "bituminous", "2022-05"),
     dict(FC="37710.00", C_ad="", M_ad="", A_ad="", C_ar_measured="0.5400", NCV="20.400")),
    ("cancel", "unit_month", ("E12", "2", "2022-05"), dict(generation="90504.000", auxiliary="6425.800", hours="744.00")),
]

# 8  hours of the merged pair and of its standby unit: 2022 gives 5 000, 4 200 and 900 (in place of 2)
HOURS = {
    ("E08", "1"): {2021: "744 672 500 420 380 460 700 720 430 360 520 694", 2022: "744 640 430 300 280 400 620 640 246 0 300 400"},
    ("E08", "2"): {2021: "744 600 420 300 360 480 744 744 300 280 420 508", 2022: "720 84 0 360 420 480 600 640 300 196 0 400"},
    ("E08", "3"): {2021: "0 0 120 180 0 0 0 0 0 0 0 0", 2022: "0 500 280 0 0 0 0 0 0 0 120 0"},
}

# 11 analyses of 2022, per cent by volume; June has two that differ, the second adds to 99.2; August has none
GAS_TESTS = [
    ("2022-01-12", "368.412", {"CH4": "94.80", "C2H6": "2.70", "C3H8": "0.62", "nC4H10": "0.15", "iC4H10": "0.13", "CO2": "0.60", "N2": "1.00"}),
    ("2022-02-10", "367.950", {"CH4": "94.70", "C2H6": "2.75", "C3H8": "0.60", "nC4H10": "0.15", "iC4H10": "0.14", "CO2": "0.64", "N2": "1.02"}),
    ("2022-03-10", "368.870", {"CH4": "94.90", "C2H6": "2.66", "C3H8": "0.61", "nC4H10": "0.14", "iC4H10": "0.13", "CO2": "0.60", "N2": "0.96"}),
    ("2022-04-13", "367.204", {"CH4": "94.60", "C2H6": "2.72", "C3H8": "0.63", "nC4H10": "0.16", "iC4H10": "0.14", "CO2": "0.70", "N2": "1.05"}),
    ("2022-05-11", "368.033", {"CH4": "94.75", "C2H6": "2.70", "C3H8": "0.62", "nC4H10": "0.15", "iC4H10": "0.14", "CO2": "0.64", "N2": "1.00"}),
    ("2022-06-08", "365.120", {"CH4": "95.00", "C2H6": "2.50", "C3H8": "0.60", "nC4H10": "0.15", "iC4H10": "0.15", "CO2": "0.60", "N2": "1.00"}),
    ("2022-06-22", "371.480", {"CH4": "94.30", "C2H6": "2.80", "C3H8": "0.70", "nC4H10": "0.20", "iC4H10": "0.20", "CO2": "0.50", "N2": "0.50"}),
    ("2022-07-13", "368.251", {"CH4": "94.82", "C2H6": "2.68", "C3H8": "0.61", "nC4H10": "0.15", "iC4H10": "0.13", "CO2": "0.61", "N2": "1.00"}),
    ("2022-09-14", "367.882", {"CH4": "94.71", "C2H6": "2.73", "C3H8": "0.61", "nC4H10": "0.15", "iC4H10": "0.14", "CO2": "0.65", "N2": "1.01"}),
    ("2022-10-12", "368.604", {"CH4": "94.86", "C2H6": "2.67", "C3H8": "0.62", "nC4H10": "0.14", "iC4H10": "0.13", "CO2": "0.60", "N2": "0.98"}),
    ("2022-11-09", "368.117", {"CH4": "94.78", "C2H6": "2.69", "C3H8": "0.62", "nC4H10": "0.15", "iC4H10": "0.13", "CO2": "0.62", "N2": "1.01"}),
    ("2022-12-14", "367.745", {"CH4": "94.68", "C2H6": "2.72", "C3H8": "0.62", "nC4H10": "0.16", "iC4H10": "0.14", "CO2": "0.66", "N2": "1.02"}),
]

METERS = [("E07", "B-1", "1号机入炉煤皮带秤", "0.5"), ("E07", "G-1", "1号机发电机出口电能表", "0.5")]
CALIBRATIONS = [                                       # 7: the one of June 2021 ends on 2022-06-20
    ("E07", "B-1", "2020", "2020-06-22", "2021-06-21", "0.3"), ("E07", "B-1", "2021", "2021-06-21", "2022-06-20", "0.4"),
    ("E07", "B-1", "2022", "2022-07-01", "2023-06-30", "0.3"),
    ("E07", "G-1", "2020", "2020-06-22", "2021-06-21", "0.2"), ("E07", "G-1", "2021", "2021-06-21", "2022-06-20", "0.3"),
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

def make_production(one, chance):
    """Hours and generation of each month; with `load`, the year's load factor comes out exactly."""
    cap, rows = Decimal(one["cap"]), {}
    for year in YEARS:
        written = HOURS.get((one["entity"], one["unit"]))
        hours = {}
        reserve = chance.sample((3, 4, 6, 9, 10, 11), 2)                        # stopped for want of demand
        for m in range(1, 13):
            month = f"{year}-{m:02d}"
            if written:
                hours[month] = places(Decimal(written[year].split()[m - 1]), 2)
                continue
            off = one.get("off", {}).get(month, 0)
            if not off and m in reserve:
                off = chance.randint(170, 390)
            left = Decimal(24 * days_of(month) - off)
            if left > 600 and chance.randint(1, 100) <= 18:                     # a short trip now and then
                left -= near(chance, "38", "26", 2)
            hours[month] = places(left, 2)
        target = Decimal(one.get("load", {}).get(year, "0"))
        for m in range(1, 13):
            month = f"{year}-{m:02d}"
            share = Decimal(LOADS[m - 1]) / 1000
            if target:
                share = target + (share - Decimal("0.645")) * Decimal("0.35")
            share += near(chance, "0", "0.0350", 4)
            rows[month] = dict(hours=hours[month], generation=places(cap * hours[month] * share, 3))
        if target:
            year_months = [f"{year}-{m:02d}" for m in range(1, 13)]
            wanted = target * cap * sum(rows[x]["hours"] for x in year_months)
            last = rows[year_months[-1]]
            last["generation"] = places(last["generation"] + wanted - sum(rows[x]["generation"] for x in year_months), 3)
    return rows


def make_heat(one, chance):
    """Heat lines of a unit: (line, month) -> cells, and the heat of each month in GJ."""
    lines, heat = {}, {month: Decimal(0) for month in MONTHS}
    key = (one["entity"], one["unit"])
    for month in MONTHS:
        season = Decimal(one.get("heat", 0) * 24 * heating_days(month)) * near(chance, "0.86", "0.06", 3)
        if key == ("E12", "2"):                                                 # hot water by mass and temperature
            flow = places(season / Decimal("0.3223836") / 1, 0)                 # 97 °C: 77 K × 4.1868
            lines["管网水", month] = dict(method="hot_water", D_supply=str(flow), temperature="97")
            heat[month] += flow * Decimal("0.3223836")
        elif key == ("E09", "1"):                                               # steam with return and make-up
            flow = places(season / Decimal("2.55") + 9000, 0)
            back = places(flow * Decimal("0.70"), 0)
            lines["矿区汽", month] = dict(method="direct", D_supply=str(flow), h_supply="2838.6", D_return=str(back), h_return="293.1",
                                       D_makeup=str(flow - back), h_makeup="83.7")
            heat[month] += flow * Decimal("2.6")
        elif key == ("E04", "1"):                                               # two steam customers and a network
            for line, base, enthalpy in (("制药汽", "9200", "3271.8"), ("印染汽", "6400", "2903.2")):
                flow = near(chance, base, "700", 0)
                lines[line, month] = dict(method="direct_simple", D_supply=str(flow), h_supply=enthalpy)
                heat[month] += flow * Decimal("3")
            season = places(Decimal(410 * 24 * heating_days(month)) * near(chance, "0.86", "0.06", 3), 2)
            lines["采暖", month] = dict(method="metered", heat_metered=str(season), nets_return="true")
            heat[month] += season
        elif one.get("heat"):
            season = places(season, 2)
            lines["采暖", month] = dict(method="metered", heat_metered=str(season))
            heat[month] += season
        elif key == ("E08", "1"):
            lines["暖", month] = dict(method="metered", heat_metered="0.00")
    return lines, heat


def make_coal(one, fuel, month, tonnes, ncv, chance, number):
    """A row of fuel_month for coal, with a laboratory's report."""
    _, carbon, wet, dry, daf = COALS[fuel]
    c_ar = ncv * near(chance, carbon, "0.00035", 5)
    m_ar, m_ad = near(chance, wet, "1.2", 1), near(chance, dry, "0.5", 1)
    c_ad = places(c_ar * (100 - m_ad) / (100 - m_ar), 4)
    ash = places(100 - m_ad - c_ad * 10000 / near(chance, daf, "1.2", 1), 2)
    return dict(FC=str(tonnes), C_ad=str(c_ad), M_ad=str(m_ad), M_ar=str(m_ar), A_ad=str(ash), sampled=f"{month}-{days_of(month)}",
                reported=later(month, chance.randint(12, 34)), accredited="true",
                report_number=f"{one['entity']}-{one['unit']}-{month.replace('-', '')}-{number:02d}", NCV=str(ncv))


def make():
    tables = {name: {} for name in ("fuel_month", "gas_month", "heat_month", "unit_month", "boiler_month")}
    for one in UNITS:
        entity, unit = one["entity"], one["unit"]
        chance = random.Random(f"{SEED}/{entity}/{unit}")
        production = make_production(one, chance)
        lines, heat = make_heat(one, chance)
        for (line, month), cells in lines.items():
            tables["heat_month"][entity, unit, line, month] = cells
        fossil = {}
        for month in MONTHS:
            made = production[month]
            generation, hours = made["generation"], made["hours"]
            auxiliary = places(generation * near(chance, "0.052" if not one.get("chp") else "0.071", "0.004", 4), 3)
            idle = Decimal(24 * days_of(month)) - hours
            purchased = places(idle * Decimal(one["cap"]) * Decimal("0.0011") + near(chance, "6", "5", 3), 3)
            cells = dict(generation=str(generation), auxiliary=str(auxiliary), purchased=str(purchased), hours=str(hours))
            if entity == "E07":
                cells["meter"] = "G-1"
            if one.get("standby") and hours:
                cells["replaces"] = "2"
            tables["unit_month"][entity, unit, month] = cells
            load = generation / (Decimal(one["cap"]) * hours) if hours else Decimal(1)
            need = generation * Decimal(one["rate"]) * GJ_PER_TCE * (1 + (Decimal("0.75") - load) * Decimal("0.11"))
            need *= near(chance, "1", "0.008", 4)
            need += heat[month] / Decimal("0.90")
            if one.get("biomass"):
                need *= Decimal("0.9")
            twin = None
            for number, (fuel, share) in enumerate(one["fuels"].items(), start=1):
                key = (entity, unit, fuel, month)
                if fuel == "diesel":
                    tables["fuel_month"][key] = dict(FC=str(near(chance, "9.50", "7.25", 2)))
                elif fuel == "natural_gas":
                    ncv = near(chance, "368.100", "0.900", 3)
                    cells = dict(FC=str(places(need / ncv, 2)))
                    if month < "2022-01":
                        cells.update(NCV=str(ncv), C_ar_measured=str(near(chance, "5.5600", "0.0200", 4)))
                    tables["gas_month"][key] = cells
                else:
                    ncv = near(chance, COALS[fuel][0], "0.420" if fuel != "gangue" else "0.300", 3)
                    tonnes = places(need * Decimal(share) / ncv, 2)
                    if entity == "E05":
                        tonnes = places(tonnes / 10000, 2) * 10000              # this plant keeps 万t with two places
                    if (entity, unit) == ("E09", "2"):                          # 9: exactly half the heat is gangue
                        if fuel == "bituminous":
                            ncv = 2 * near(chance, "9.870", "0.160", 3)
                            tonnes = places(need / 2 / ncv, 2)
                            twin = (tonnes, ncv)
                        else:
                            tonnes, ncv = 2 * twin[0], twin[1] / 2
                    if not hours:
                        tables["fuel_month"][key] = dict(FC="0.00")
                    else:
                        tables["fuel_month"][key] = make_coal(one, fuel, month, places(tonnes, 2), places(ncv, 3), chance, number)
                    if entity == "E07":
                        tables["fuel_month"][key]["meter"] = "B-1"
                    fossil[month] = fossil.get(month, Decimal(0)) + places(places(tonnes, 2) * places(ncv, 3), 2)
        if one.get("biomass"):                          # 9: at 90.0 % the year's share is exactly a tenth
            for year in YEARS:
                months = [f"{year}-{m:02d}" for m in range(1, 13)]
                for month in months:
                    given = places(fossil[month] * near(chance, "1", "0.0140", 4), 2)
                    if month == months[-1]:
                        given = sum(fossil[x] for x in months) - sum(Decimal(tables["boiler_month"][entity, unit, "1", x]["heat"])
                                                                     for x in months[:-1])
                    tables["boiler_month"][entity, unit, "1", month] = dict(efficiency=one["eff"], heat=str(given))
    return tables


def spring(tables):
    """The traps, into the honest city."""
    for _, table, key, cells in TRAPS:
        if cells is None:
            del tables[table][key]
        else:
            tables[table][key].update(cells)


# ── files ────────────────────────────────────────────────────────────────────────────────────────

def csv(name, headings, rows, encoding="utf-8"):
    lines = [headings, *rows]
    for line in lines:
        assert not any(c in cell for cell in line for c in ',"\n'), line
    text = "".join(",".join(line) + "\n" for line in lines)
    (HERE / name).write_bytes(text.encode(encoding))


def rows_of(table, columns, wanted=lambda key: True):
    return [[*key, *(cells.get(c, "") for c in columns)] for key, cells in sorted(table.items()) if wanted(key)]


def write_xml(name, rows):
    body = "".join("  <row " + " ".join(f'{k}="{v}"' for k, v in row.items()) + "/>\n" for row in rows)
    (HERE / name).write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n<table>\n{body}</table>\n', encoding="utf-8")


def write_json(name, rows):
    (HERE / name).write_text("[\n" + ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n", encoding="utf-8")


FUEL = ["meter", "FC", "FC_uncovered", "C_ad", "C_ar_measured", "M_ad", "M_ar", "A_ad", "sampled", "reported", "accredited",
        "report_number", "NCV"]


def write_fuel(table):
    own = ("E01", "E05", "E09")
    for year in YEARS:
        csv(f"fuel-{year}.csv", ["entity", "unit", "fuel", "month", *FUEL],
            rows_of(table, FUEL, lambda key: key[0] not in own and key[3][:4] == str(year)))
    # E01 names its sources and evidence
    columns = ["FC", "C_ad", "M_ad", "M_ar", "A_ad", "sampled", "reported", "accredited", "report_number", "NCV"]
    rows = []
    for key, cells in sorted(table.items()):
        if key[0] == "E01":
            coal = key[2] != "diesel"
            evidence = f"EV-{key[1]}-{key[3]}"
            rows.append([*key, cells["FC"], "实测", "入炉煤皮带秤月报" if coal else "油库台账", evidence + ("-A" if coal else "-D"),
                         *(cells.get(c, "") for c in columns[1:]), "自行检测" if coal else "缺省值", evidence + "-N" if coal else ""])
    csv("fuel-E01.csv", ["entity", "unit", "fuel", "month", "燃料消耗量 [t]", "FC@mode", "FC@source", "FC@evidence", "空气干燥基元素碳含量 [tC/t]",
                         "空气干燥基水分 [%]", "M_ar [%]", "空气干燥基灰分 [%]", "采样日期", "报告日期", "检测机构具备CMA或CNAS", "检测报告编号",
                         "收到基低位发热量（月） [GJ/t]", "NCV@mode", "NCV@evidence"], rows)
    # E05 keeps its books in 万t and in GB18030
    columns = ["FC", "C_ad", "M_ad", "M_ar", "A_ad", "sampled", "reported", "accredited", "report_number", "NCV"]
    rows = []
    for key, cells in sorted(table.items()):
        if key[0] == "E05":
            typed = key[3] == "2022-05"                 # 4: tonnes in a column of 万t
            amount = cells["FC"] if typed else str(places(Decimal(cells["FC"]) / 10000, 2))
            rows.append([*key, amount, *(cells.get(c, "") for c in columns[1:])])
    csv("fuel-E05.csv", ["entity", "unit", "fuel", "month", "燃料消耗量 [万t]", "空气干燥基元素碳含量 [tC/t]", "空气干燥基水分 [%]", "收到基水分 [%]",
                         "空气干燥基灰分 [%]", "采样日期", "报告日期", "检测机构具备CMA或CNAS", "检测报告编号", "收到基低位发热量（月） [GJ/t]"], rows, "gb18030")
    # E09 has months across and one line for each quantity, with a line that adds up
    labels = {"FC": "燃料消耗量", "C_ad": "空气干燥基元素碳含量", "M_ad": "空气干燥基水分", "M_ar": "收到基水分", "A_ad": "空气干燥基灰分",
              "sampled": "采样日期", "reported": "报告日期", "accredited": "检测机构具备CMA或CNAS", "NCV": "收到基低位发热量（月）"}
    rows = []
    for unit, fuel in sorted({(k[1], k[2]) for k in table if k[0] == "E09"}):
        for column, label in labels.items():
            rows.append([unit, fuel, label, *(table["E09", unit, fuel, month].get(column, "") for month in MONTHS)])
    sums = [str(sum(Decimal(table[k]["FC"]) for k in table if k[0] == "E09" and k[3] == month)) for month in MONTHS]
    csv("fuel-E09.csv", ["机组", "燃料", "项目", *MONTHS], [*rows, ["合计", "", "燃料消耗量", *sums]])


# ── the job as the plants first sent it: refused, and every problem named ────────────────────────

def write_as_received(tables):
    """6 names of one unit in three files, a total row, a total column; 5 and 11 where the form is wrong."""
    coal = {key[3]: cells for key, cells in tables["fuel_month"].items() if key[:3] == ("E06", "1#", "bituminous")}
    columns = ["FC", "C_ad", "M_ad", "M_ar", "A_ad", "NCV"]

    def line(unit, month, **other):
        cells = {**coal[month], **other}
        return ["E06", unit, "bituminous", month, *(cells[c] for c in columns)]

    csv("as-received/entity.csv", ["entity", "name"], [["E06", ENTITIES["E06"][0]], ["E11", ENTITIES["E11"][0]]])
    csv("as-received/unit.csv", ["entity", "unit", "class", "chp", "capacity [MW]"],
        [["E06", "1#", BELOW, "false", "300"], ["E06", "2#", BELOW, "false", "300"], ["E11", "1", GAS, "true", "180"]])
    headings = ["entity", "unit", "fuel", "month", "燃料消耗量 [t]", "空气干燥基元素碳含量 [tC/t]", "空气干燥基水分 [%]", "收到基水分 [%]",
                "空气干燥基灰分 [%]", "收到基低位发热量（月） [GJ/t]"]
    csv("as-received/coal-yard.csv", headings, [line("1#", "2022-01"), line("1#", "2022-02"), line("１#", "2022-02"), line("１#", "2022-03")])
    csv("as-received/laboratory.csv", headings,
        [line("1#", "2022-04", C_ad="57.24%"), line("#1机组", "2022-05"), line("1#", "2022-06", FC="４６１２０.15"),
         ["E06", "合计", "bituminous", "2022-06", "138620.15", "", "", "", "", ""]], "gb18030")
    csv("as-received/statistics.csv", [*headings, "全年合计"], [[*line("1#", "2022-07"), "551830.44"]])
    gas = [[*key, cells["FC"]] for key, cells in sorted(tables["gas_month"].items()) if key[3] in ("2022-01", "2022-02")]
    csv("as-received/gas.csv", ["entity", "unit", "fuel", "month", "气体燃料消耗量 [万Sm3]"], gas)


def write():
    tables = make()
    spring(tables)
    csv("entity.csv", ["entity", "重点排放单位名称", "统一社会信用代码", "所在省份"],
        [[entity, name, code, "虚构省"] for entity, (name, code) in ENTITIES.items()])
    yes = {True: "true", False: "false"}
    csv("unit.csv", ["entity", "unit", "机组类别", "排汽冷却方式", "热电联产", "装机容量 [MW]", "set", "standby", "combined_cycle",
                     "heat_exchanger", "boiler_type", "锅炉效率 [%]", "biomass"],
        [[u["entity"], u["unit"], u["cls"], u["cooling"], yes[u.get("chp", False)], u["cap"], u.get("set", ""), yes[u.get("standby", False)],
          yes[u.get("combined", False)], yes[u.get("exchanger", False)], "" if u["cls"] == GAS else u.get("boiler", "pulverised"), u["eff"],
          yes[u.get("biomass", False)]] for u in UNITS])
    write_fuel(tables["fuel_month"])
    csv("unit-month.csv", ["entity", "unit", "month", "发电量计量器具编号", "发电量（计量） [MWh]", "其中未检定期间发电量 [MWh]", "厂用电量 [MWh]",
                           "购入使用电量 [MWh]", "运行小时数 [h]", "备用机组所替代的机组", "电网排放因子 [tCO2/MWh]"],
        rows_of(tables["unit_month"], ["meter", "generation", "generation_uncovered", "auxiliary", "purchased", "hours", "replaces", "grid_factor"]),
        "utf-8-sig")
    csv("heat-month.csv", ["entity", "unit", "line", "month", "method", "heat_metered", "nets_return", "D_supply", "h_supply", "pressure",
                           "temperature", "D_return", "h_return", "D_makeup", "h_makeup"],
        rows_of(tables["heat_month"], ["method", "heat_metered", "nets_return", "D_supply", "h_supply", "pressure", "temperature", "D_return",
                                       "h_return", "D_makeup", "h_makeup"]))
    csv("gas-month.csv", ["entity", "unit", "fuel", "month", "FC [万Nm3]", "C_ar_measured", "NCV"],
        rows_of(tables["gas_month"], ["FC", "C_ar_measured", "NCV"]))
    csv("boiler-month.csv", ["entity", "unit", "boiler", "month", "锅炉效率 [%]", "锅炉产热量 [GJ]"], rows_of(tables["boiler_month"], ["efficiency", "heat"]))
    csv("coal-day.csv", ["entity", "unit", "fuel", "day", "入炉煤量 [t]", "收到基低位发热量 [GJ/t]"],      # 3: the 17th has no value
        [["E04", "1", "bituminous", f"2022-05-{d:02d}", "1000.00", "" if d == 17 else "19.860"] for d in range(1, 32)])
    key = {"entity": "E11", "unit": "1", "fuel": "natural_gas"}
    write_json("gas-test.json", [{**key, "test": f"G{i + 1:02d}", "day": day, "NCV": ncv} for i, (day, ncv, _) in enumerate(GAS_TESTS)])
    write_json("gas-component.json", [{**key, "test": f"G{i + 1:02d}", "component": c, "day": day, "share": share}
                                      for i, (day, _, shares) in enumerate(GAS_TESTS) for c, share in shares.items()])
    write_xml("meter.xml", [dict(zip(("entity", "meter", "name", "accuracy"), row)) for row in METERS])
    write_as_received(make())
    write_xml("calibration.xml", [dict(zip(("entity", "meter", "calibration", "done", "due", "accuracy_found"), row)) for row in CALIBRATIONS])


if __name__ == "__main__":
    write()
