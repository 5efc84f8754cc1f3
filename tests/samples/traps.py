#!/usr/bin/env python3
"""The traps of the sample city: each must end in the figure or the finding worked out by hand.

    traps.py <qz> [trap ...]

The table of traps is docs/sample-city.md. Figures stand here as they were worked out on paper, with
the working beside them; nothing is taken from a run. `generated`, `clean`, `cancel` and
`totals` are no traps of the list but belong to it: the data come out again as they are, the plant
without any trap, the one whose errors cancel, the city's totals.
"""

import pathlib
import subprocess
import sys
import tempfile

from trap_checks import (CITY, Ledger, added, afterwards, entry, explained, finding, general, generated, no_entry, no_finding,
                         position, quiet, refused, stack, summed, total)


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────

def fuel(unit, name, month):
    return {"unit": unit, "fuel": name, "month": month}


def fuel_year(unit, name, year):
    return {"unit": unit, "fuel": name, "year": year}


def unit_month(unit, month):
    return {"unit": unit, "month": month}


def unit_year(unit, year):
    return {"unit": unit, "year": year}


def heat(line, month):
    return {"unit": "1", "line": line, "month": month}


MAY_1, MAY_2 = fuel("1", "bituminous", "2022-05"), fuel("2", "bituminous", "2022-05")
YEAR_2022, YEAR_2023, YEAR_2024 = {"year": "2022"}, {"year": "2023"}, {"year": "2024"}
CYCLE = {"cycle": "cn-cets-2021-2022"}
OLD, NEW = "cn.cets.power.mrv@2021-9/", "cn.cets.power.mrv@2022-111/"

AS_RECEIVED = [
    ("coal-yard.csv:4", "１#", "1#", "line 3"),
    ("coal-yard.csv:5", "１#", "does not stand in table unit", "1#"),
    ("laboratory.csv:2", "57.24%"),
    ("laboratory.csv:3", "#1机组", "does not stand in table unit"),
    ("laboratory.csv:4", "４６１２０.15", "46120.15"),
    ("laboratory.csv:5", "合计", "does not stand in table unit"),
    ("statistics.csv:1", "全年合计"),
    ("gas.csv:1", "万Sm3", "10^4Nm3"),
]

TRAPS = {}

# 2022-05-31 + 40 d = 2022-07-10; carbon by default 19.860 × 0.03085 = 0.612681; oxidation and 44/12 together 3.63
COAL_2 = fuel_year("2", "bituminous", "2022")
TRAPS["1"] = [
    entry("E02", "fuel_month", MAY_1, "C_ar", "0.5210", how="measured"),
    entry("E02", "fuel_month", MAY_1, "E", "78013.24"),  # 41 250 × 0.5210 × 3.63 = 78 013.2375
    no_entry("E02", "fuel_month", MAY_1, "default_effect"),
    entry("E02", "fuel_year", fuel_year("1", "bituminous", "2022"), "months_default", "0"),
    entry("E02", "fuel_month", MAY_2, "C_ar", "0.6127", how="default"),
    entry("E02", "fuel_month", MAY_2, "E", "91744.17"),  # 41 250 × 0.6127 × 3.63 = 91 744.16625
    entry("E02", "fuel_month", MAY_2, "default_effect", "13730.93"),
    finding("E02", "carbon-test-not-in-order", "warning", "fuel_month", MAY_2, "2022-05-31", "2022-07-11", "13730.93",
            file="fuel-2022.csv", at="2022-07-11"),
    entry("E02", "fuel_year", COAL_2, "months_default", "1"),  # that month only
    entry("E02", "fuel_year", COAL_2, "months_tested", "11"),
    entry("E02", "fuel_year", COAL_2, "default_effect", "13730.93"),
]

OUTAGE, ABSENT = fuel("1", "bituminous", "2022-10"), fuel("2", "bituminous", "2022-03")
TRAPS["2"] = [
    entry("E03", "fuel_month", OUTAGE, "FC", "0.00"),
    no_entry("E03", "fuel_month", OUTAGE, "C_ar"),
    no_entry("E03", "fuel_month", OUTAGE, "E"),
    entry("E03", "fuel_year", fuel_year("1", "bituminous", "2022"), "months_idle", "1"),
    entry("E03", "fuel_year", fuel_year("1", "bituminous", "2022"), "months_tested", "11"),
    finding("E03", "missing-row", "error", "fuel_month", ABSENT, "no row for", "2022-03"),
    entry("E03", "fuel_month", ABSENT, "E", None),
    entry("E03", "fuel_year", COAL_2, "E", None),
    entry("E03", "unit_year", unit_year("2", "2022"), "emissions", None),
    entry("E03", "entity_year", YEAR_2022, "emissions", None),
]

# (30 × 19.860 + 26.7) / 31 = 20.080645…; the mean of the 30 days is 19.860
DAY = {"unit": "1", "fuel": "bituminous", "day": "2022-05-17"}
TRAPS["3"] = [
    finding("E04", "ncv-day-default", "warning", "coal_day", DAY, "26.7", file="coal-day.csv", at="2022-05-17"),
    entry("E04", "fuel_month", MAY_1, "NCV_ar", "20.081"),
    entry("E04", "fuel_month", MAY_1, "heat", "622511.00"),  # 31 000 × 20.081
    entry("E04", "fuel_month", MAY_1, "C_ar", "0.6195", how="default"),  # 20.081 × 0.03085 = 0.61949885
    entry("E04", "fuel_month", MAY_1, "E", "69712.34"),  # 31 000 × 0.6195 × 3.63 = 69 712.335: a tie
]

FEBRUARY = fuel("1", "bituminous", "2022-02")
TRAPS["4"] = [
    entry("E05", "fuel_month", FEBRUARY, "FC", "7.43", unit="万t"),
    entry("E05", "fuel_month", FEBRUARY, "FC_counted", "74300.00", unit="t"),
    entry("E05", "fuel_month", MAY_1, "FC_counted", "534000000.00", unit="t"),  # 53 400 t typed in a column of 万t
    finding("E05", "fuel-beyond-capacity", "error", "fuel_month", MAY_1, "is the unit of the column right",
            file="fuel-E05.csv", at="53400.00"),
]

TYPED, EXCHANGED = fuel("1#", "bituminous", "2022-08"), fuel("2#", "bituminous", "2022-06")
DRY = fuel("3#", "lignite", "2022-09")
TRAPS["5"] = [
    finding("E06", "out-of-range", "error", "fuel_month", TYPED, "58.73", file="fuel-2022.csv", at="58.73"),
    entry("E06", "fuel_month", TYPED, "E", None, error="out-of-range"),
    entry("E06", "unit_year", unit_year("1#", "2022"), "emissions", None, error="out-of-range"),
    entry("E06", "entity_year", YEAR_2022, "emissions", None, error="out-of-range"),
    finding("E06", "moisture-order", "warning", "fuel_month", EXCHANGED, "10.4", "3.2",
            file="fuel-2022.csv", at="10.4,3.2"),
    entry("E06", "fuel_month", EXCHANGED, "C_ar", "0.6169"),  # 0.5710 × 96.8 / 89.6 = 0.616883…
    finding("E06", "carbon-rank-hint", "warning", "fuel_month", DRY, "79.7",  # 54.60 / 68.5 = 79.70… %
            file="fuel-2022.csv", at="0.5460"),
    entry("E06", "fuel_month", DRY, "C_ar", "0.4492"),  # 0.5460 × 71.9 / 87.4 = 0.449169…
    refused("as-received/job.json", *AS_RECEIVED),
]

TRAPS["6"] = [refused("as-received/job.json", *AS_RECEIVED)]

# valid to 2022-06-20: ten days; 30 000 + 15 000 × 1.005, not 45 000 × 1.005 = 45 225
JUNE = fuel("1", "bituminous", "2022-06")
TRAPS["7"] = [
    entry("E07", "meter_month", {"meter": "B-1", "month": "2022-06"}, "uncovered", "10"),
    entry("E07", "meter_month", {"meter": "B-1", "month": "2021-06"}, "uncovered", "0"),
    entry("E07", "meter_month", {"meter": "B-1", "month": "2022-07"}, "uncovered", "0"),
    finding("E07", "meter-uncovered", "warning", "meter_month", {"meter": "B-1", "month": "2022-06"}, "10 days"),
    entry("E07", "fuel_month", JUNE, "FC_counted", "45075.00", how="penalty"),
    entry("E07", "fuel_month", JUNE, "heat", "923136.00"),  # 45 075 × 20.480
    entry("E07", "unit_month", unit_month("1", "2022-06"), "electricity_generated", "101830.000",
          how="penalty"),  # 102 000 − 34 000 × 0.005
    finding("E07", "generation-meter-uncovered", "warning", "unit_month", unit_month("1", "2022-06"), "10 days"),
]

# (600 × 5 000 + 600 × (4 200 + 900)) / 1 200
SET = {"set": "1-2", "year": "2022"}
TRAPS["8"] = [
    entry("E08", "set_year", SET, "hours", "5050.00"),
    entry("E08", "set_year", SET, "capacity", "1200.000"),
    entry("E08", "unit_year", unit_year("1", "2022"), "hours", "5000.00"),
    entry("E08", "unit_year", unit_year("2", "2022"), "hours", "4200.00"),
    entry("E08", "unit_year", unit_year("2", "2022"), "hours_counted", "5100.00"),
    entry("E08", "unit_year", unit_year("3", "2022"), "hours", "900.00"),
    entry("E08", "unit_year", unit_year("1", "2022"), "chp_treated", "true"),
    entry("E08", "unit_year", unit_year("1", "2021"), "chp_treated", "false"),
    entry("E08", "unit_year", unit_year("2", "2022"), "chp_treated", "false"),
    finding("E08", "heat-from-condensing-unit", "warning", "unit_year", unit_year("1", "2022"), "38450.00"),
]

TRAPS["9"] = [
    finding("E10", "near-class-edge", "info", "unit", {"unit": "1"}, "400"),  # 400 MW is class I
    no_finding("E10", "class-by-capacity"),
    entry("E10", "unit_year", unit_year("1", "2021"), "load_factor", "75.00"),
    entry("E10", "unit_year", unit_year("1", "2022"), "load_factor", "85.00"),
    entry("E10", "unit_month", unit_month("1", "2022-07"), "E_electricity", "85.55"),  # 150 × 0.5703 = 85.5450
    entry("E09", "unit_year", unit_year("2", "2021"), "unconventional_share", "50.00"),
    entry("E09", "unit_year", unit_year("2", "2022"), "unconventional_share", "50.00"),
    finding("E09", "near-unconventional-edge", "info", "unit_year", unit_year("2", "2022"), "50.00"),
    no_finding("E09", "unconventional-class"),
    entry("E12", "unit_year", unit_year("1", "2021"), "biomass_share", "10.0"),
    entry("E12", "unit_year", unit_year("1", "2022"), "biomass_share", "10.0"),
    finding("E12", "near-biomass-edge", "info", "unit_year", unit_year("1", "2022"), "10.0"),
    no_finding("E12", "biomass-above-ten"),
    # 330 MW condensing at exactly 75 and 85 %: 1.007 + 0.0016 × 5; 1
    entry("E10", "unit_year", unit_year("1", "2021"), "load_correction", "1.015000"),
    entry("E10", "unit_year", unit_year("1", "2022"), "load_correction", "1.000000"),
    # 900 000 × 0.8729 = 785 610 against 872 900: 87 290 are a tenth; half of it may be borrowed
    entry("E14", "entity_year", YEAR_2022, "shortfall_rate", "10.00"),
    entry("E14", "entity_year", YEAR_2022, "borrow_limit", "43645"),
    finding("E14", "near-borrowing-edge", "info", "entity_year", YEAR_2022, "10.00"),
    entry("E14", "entity_year", YEAR_2022, "status", "met"),
    entry("E14", "entity_cycle", CYCLE, "borrowed", "43645"),
    # 65.00 % has no correction, 64.99 % has 1.015^3.002
    afterwards(entry("E14", "unit_year", unit_year("1", "2023"), "load_correction", "1.000000"),
               entry("E14", "unit_year", unit_year("1", "2024"), "load_correction", "1.045710"),
               finding("E14", "near-load-edge", "info", "unit_year", unit_year("1", "2024"), "64.99")),
]

# 20.512 × 0.03356 = 0.68838…, × 0.03085 = 0.63279…; then 52 340.17 × … × 3.63
OLDER, REDUCED = fuel("2", "anthracite", "2022-02"), fuel("2", "anthracite", "2022-08")
OCTOBER = unit_month("2", "2022-10")
TRAPS["10"] = [
    entry("E10", "fuel_month", OLDER, "C_ar", "0.6884", rule=OLD + "fuel_month.C_ar", how="default"),
    entry("E10", "fuel_month", OLDER, "E", "130792.43", rule=OLD + "fuel_month.E"),
    entry("E10", "fuel_month", REDUCED, "C_ar", "0.6328", rule=NEW + "fuel_month.C_ar", how="default"),
    entry("E10", "fuel_month", REDUCED, "E", "120228.72", rule=NEW + "fuel_month.E"),
    entry("E10", "unit_year", unit_year("2", "2022"), "chp_treated", "false", rule=NEW + "unit_year.chp_treated"),
    entry("E10", "unit_month", unit_month("1", "2021-07"), "E_electricity", "87.15"),  # 150 × 0.5810
    entry("E10", "unit_month", unit_month("1", "2022-07"), "E_electricity", "85.55"),  # 0.5703, not 0.5810
    general("parameter-default", "grid_2022", "final"),
    entry("E10", "unit_month", OCTOBER, "E_electricity", "128.20"),  # 200 × 0.6410; the national 114.06
    finding("E10", "grid-factor-other", "warning", "unit_month", OCTOBER, "0.6410", file="unit-month.csv", at="0.6410"),
    explained("unit_month.E_electricity", ["entity=E10", "unit=2", "month=2022-10"], "0.6410", "[override]"),
]

# carbon atoms 103.6 and 104.1 % × 120/22.4: 5.55 and 5.576785…, mean 5.563392…
TWO, NONE = fuel("1", "natural_gas", "2022-06"), fuel("1", "natural_gas", "2022-08")
TEST = {"unit": "1", "fuel": "natural_gas", "test": "G07", "day": "2022-06-22"}
GAS = fuel_year("1", "natural_gas", "2022")
TRAPS["11"] = [
    entry("E11", "gas_month", TWO, "C_ar", "5.5634", how="measured"),
    entry("E11", "gas_month", TWO, "NCV_ar", "368.300"),  # (365.120 + 371.480) / 2
    entry("E11", "gas_month", TWO, "E", "26253.68"),  # 1 300 × 5.5634 × 3.63 = 26 253.6846
    finding("E11", "gas-composition-sum", "warning", "gas_test", TEST, "99.2"),
    entry("E11", "gas_month", NONE, "C_ar", "5.9642", how="default"),  # 389.310 × 0.01532 = 5.96422…
    entry("E11", "gas_month", NONE, "E", "27062.56"),  # 1 250 × 5.9642 × 3.63 = 27 062.5575
    finding("E11", "gas-default", "info", "gas_month", NONE),
    entry("E11", "gas_year", GAS, "months_tested", "11"),
    entry("E11", "gas_year", GAS, "months_default", "1"),
    refused("as-received/job.json", *AS_RECEIVED),
]

# 1 000 × (3217.8 − 83.74) kJ/kg; by the likely 3271.8 it is 3 188.06: 54 GJ more
WET, NETTED = heat("印染汽", "2022-11"), heat("采暖", "2022-12")
TRAPS["12"] = [
    entry("E04", "heat_month", heat("制药汽", "2022-03"), "heat", "3134.06"),
    general("draft-factor", "cn.steam.superheated@2013", "pressure=0.5, temperature=400", "3271.8 is likely"),
    finding("E04", "out-of-range", "error", "heat_month", WET, "pressure = 2, temperature = 200",
            file="heat-month.csv", at="印染汽,2022-11"),
    entry("E04", "heat_month", WET, "heat", None, error="out-of-range"),
    entry("E04", "unit_year", unit_year("1", "2022"), "heat_supplied", None, error="out-of-range"),
    finding("E04", "return-netted-twice", "warning", "heat_month", NETTED, file="heat-month.csv", at="520000"),
    entry("E04", "heat_month", NETTED, "heat", "244032.00"),  # the meter's reading, nothing deducted
]

# gas 200 000 × 0.3901 = 78 020 raised to 88 970; coal 700 000 × 0.8729 = 611 030; 0.8 × 1 000 003 − 700 000 = 100 002.4
TRAPS["13"] = [
    entry("E13", "unit_year", unit_year("1", "2022"), "gas_topup", "10950.000"),
    entry("E13", "unit_year", unit_year("1", "2022"), "emissions", "88970", how="override"),
    entry("E13", "entity_year", YEAR_2022, "allocation_initial", "700000.000"),
    entry("E13", "entity_year", YEAR_2022, "allocation_topup", "100002"),
    entry("E13", "entity_year", YEAR_2022, "allocation", "800002.000"),
    entry("E13", "entity_year", YEAR_2022, "shortfall_rate", "20.00"),  # 200 001 / 1 000 003 = 20.00004 %
    entry("E13", "entity_year", YEAR_2022, "ccer_limit", "50000"),
    entry("E13", "entity_year", YEAR_2022, "status", "met"),
    # 70 % of 3 188 020, the figure after the appeal; 3 201 447 stands in the context
    afterwards(entry("E16", "unit_year", unit_year("1", "2023"), "emissions_base", "3188020", how="override"),
               entry("E16", "entity_year", YEAR_2023, "pre_allocation", "2231614.000")),
]

TRAPS["14"] = [
    general("move-overdraft", "M127", "663638", "713638"),  # 50 000 of E04's are frozen
    position("E04", "CEA", "2022", "frozen", "50000"),
    position("E04", "CEA", "2022", "available", "663638"),
    general("move-wrong-lot", "M128", "2023"),
    position("E15", "CEA", "2023", "available", None),
    # 620 000 + 655 000 owed; 614 110 + 602 301 + 18 000 bought
    finding("E15", "obligation-not-met", "error", "entity_year", YEAR_2022, "40589", "2023-12-31"),
    entry("E15", "entity_year", YEAR_2022, "fine_low", "20000.00"),
    general("moves-after-as-of", "1 moves"),
    entry("E11", "entity_year", YEAR_2022, "unmet", "362"),  # paid in on 2 January
    position("E05", "CEA", "2021", "available", "219"),  # 1 487 472 − 1 473 253 − 140 000 + 126 000
    entry("E09", "entity_year", YEAR_2022, "status", "met"),
    entry("E10", "entity_year", YEAR_2022, "offset_used", "120000"),
    afterwards(
        finding("E14", "legacy-ccer-too-late", "error", "flow",
                {"instrument": "CCER", "lot": "风电2015", "move": "N18", "leg": "from"}, "2025-01-03",
                file="moves.csv", at="N18"),
        entry("E14", "entity_year", YEAR_2024, "offset_used", "0"),
        entry("E14", "entity_year", YEAR_2024, "unmet", "20000"),
        finding("E15", "vintage-not-eligible", "error", "flow",
                {"instrument": "CEA", "lot": "2024", "move": "N22", "leg": "from"}, "2023", file="moves.csv", at="N22"),
        finding("E15", "surrendered-late", "error", "entity_year", YEAR_2023, "5000"),
        entry("E15", "entity_year", YEAR_2023, "unmet", "0"),
        entry("E15", "entity_year", YEAR_2023, "fine_high", "4874500.00"),  # 5 000 × 97.49 × 10
        # sold 75 095 + 15 019 + 5 000 + 60 000, bought 10 000; the 30 000 of 2023-12-29 lie outside
        entry("E16", "entity_year", YEAR_2024, "net_sales", "145114"),
        # 370 000 + 3 100 500 + 3 124 450 − 145 114 − 6 110 000 surrendered − 20 000 applied for
        entry("E16", "entity_year", YEAR_2024, "holding", "319836"),
        entry("E16", "entity_year", YEAR_2024, "carry_over_limit", "227671"),  # 10 000 + 1.5 × 145 114
        entry("E16", "entity_year", YEAR_2024, "lapses", "92165"),
        entry("E15", "entity_year", YEAR_2024, "carry_over", "0"),
    ),
]

# 14, emission rights. E10: 730 t/a to 30 June and from 1 October: 273 of 365 days. E02, E05: 30 t/a, listed on the fourth and sold
# on the fifth of January. E03, E09: 20 t/a leased for 184 days. E12 gave 40 t/a away before 40 × 1 500 yuan were paid back.
NOX_2022, SO2_2022 = {"pollutant": "NOx", "year": "2022"}, {"pollutant": "SO2", "year": "2022"}


def right(move, lot, leg):
    return {"instrument": "RIGHT", "lot": lot, "move": move, "leg": leg}


TRAPS["14"] += [
    general("move-overdraft", "P033", "430.000000", "500.000000"),  # 300 of 730 are pledged
    general("move-outside-validity", "P034", "2022-06-30"),
    finding("E10", "pledge-beyond-validity", "error", "flow", right("P032", "E10-NOx-2017", "to"), "2023-02-09", "2022-06-30",
            file="right-moves.csv", at="P032"),
    finding("E10", "pledged-right-expired", "error", "holding",
            {"instrument": "RIGHT", "lot": "E10-NOx-2017", "state": "pledged"}, "300", "2022-06-30"),
    position("E10", "RIGHT", "E10-NOx-2017", "available", None),
    entry("E10", "permit_pollutant_year", NOX_2022, "actual", "560.0000"),
    entry("E10", "permit_pollutant_year", NOX_2022, "right_mean", "546.0000"),
    entry("E10", "permit_pollutant_year", NOX_2022, "right_usable", "730.0000"),
    finding("E10", "right-exceeded", "error", "permit_pollutant_year", NOX_2022, "560.0000", "546.0000"),
    finding("E12", "free-right-not-paid", "error", "flow", right("P039", "E12-SO2", "from"), "0.00 of 60000.00",
            file="right-moves.csv", at="P039"),
    finding("E08", "permit-above-right", "error", "permit_pollutant_year", SO2_2022, "1050", "1000.0000"),
    finding("E06", "first-instalment-small", "error", "right_fee", {"contract": "1"}, "470000.00 of 1200000.00"),  # 39.2 %
    entry("E02", "permit_pollutant_year", NOX_2022, "right_mean", "630.2466"),  # (660 × 3 + 630 × 362) / 365
    entry("E05", "permit_pollutant_year", NOX_2022, "right_mean", "329.6712"),  # (300 × 4 + 330 × 361) / 365
    entry("E03", "permit_pollutant_year", NOX_2022, "right_mean", "689.9178"),  # 700 − 20 × 184 / 365
    entry("E09", "permit_pollutant_year", NOX_2022, "right_mean", "280.0822"),
    # 12 t/a new where PM2.5 was 42 the year before: 24 acquired, 12 written off
    entry("E11", "replacement", {"new_project": "二期", **NOX_2022}, "needed", "24.0000"),
    entry("E11", "replacement", {"new_project": "二期", **NOX_2022}, "retired", "12.0000"),
    # E02's cut of 200 t: 180 as an offset and 30 as tradable surplus
    entry("E02", "project_pollutant_year", {"project": "P02", "pollutant": "NOx", "year": "2021"}, "credit", "-10.0000"),
    finding("E02", "reduction-used-twice", "error", "project_pollutant_year",
            {"project": "P02", "pollutant": "NOx", "year": "2021"}, "counts once"),
    finding("B01", "project-excluded", "warning", "project", {"project": "P31"}, "not listed"),
    # 912.5 + 73 + 30 + 8.76 + 178.85; 180 + 65 + 2.44 + 3 + 5.95 and 206 of the year before; 52 + 25
    total("area_pollutant_year", {"area": "示例市", "pollutant": "COD", "year": "2022"}, "credit", "1203.1100"),
    total("area_pollutant_year", {"area": "示例市", "pollutant": "NOx", "year": "2022"}, "cumulated", "462.3900"),
    total("area_pollutant_year", {"area": "示例市", "pollutant": "VOCs", "year": "2022"}, "progress", "64.17"),  # 77 / 120
    # E04: 108 t and 100 t in the years, 120 t in twelve months on end, 115 permitted
    entry("E04", "permit_pollutant_year", {"pollutant": "NOx", "year": "2021"}, "actual", "108.0000"),
    entry("E04", "permit_pollutant_year", NOX_2022, "actual", "100.0000"),
    finding("E04", "twelve-months-exceeded", "error", "permit_month", {"pollutant": "NOx", "month": "2022-01"}, "120.0000"),
    # held 7 429, in reserve 276, written off 12, expired 430: 8 147 issued
    total("right_zone_pollutant", {"zone": "示例市", "pollutant": "NOx"}, "issued", "8147.0000"),
    total("right_zone_pollutant", {"zone": "示例市", "pollutant": "NOx"}, "owned", "7429.0000"),
    total("right_zone_pollutant", {"zone": "示例市", "pollutant": "NOx"}, "reserve", "276.0000"),
]

# 2 160 − 540 are 75 % exactly; 2 160 − 8 − 5 − 1 are 99.35 %
SO2_QUARTER, NOX_QUARTER = ({"outlet": "1", "pollutant": name, "quarter": "2021-Q1"} for name in ("SO2", "NOx"))
TRAPS["15"] = [
    entry("E06", "outlet_quarter", SO2_QUARTER, "invalid", "540"),
    entry("E06", "outlet_quarter", SO2_QUARTER, "capture", "75.00"),
    no_finding("E06", "capture-below-75"),
    stack("E06", "SO2", 2160),  # each of the 540 hours is 50.0 kg, of 2020-11-03T00; the 60.0 an hour before are too old
    entry("E07", "outlet_quarter", NOX_QUARTER, "invalid", "14"),
    entry("E07", "outlet_quarter", NOX_QUARTER, "capture", "99.35"),
    stack("E07", "NOx", 180),  # the eight hours of the new year are 45.0 kg each, of 2020-12-24T08
    explained("outlet_hour.mass", ["entity=E07", "outlet=1", "pollutant=NOx", "hour=2021-01-01T00"], "45"),
    explained("outlet_hour.mass", ["entity=E06", "outlet=1", "pollutant=SO2", "hour=2021-02-23T11"], "50"),
    finding("E07", "oxygen-too-high", "warning", "outlet_hour", {"outlet": "1", "pollutant": "NOx", "hour": "2021-03-05T04"},
            "20.6", file="stack-E07.csv", at="2021-03-05T04"),
    finding("E07", "flow-missing", "warning", "outlet_hour", {"outlet": "1", "pollutant": "NOx", "hour": "2021-02-20T10"},
            file="stack-E07.csv", at="2021-02-20T10"),
    finding("E06", "month-not-valid", "info", "outlet_month", {"outlet": "1", "pollutant": "SO2", "month": "2021-02"}, "5 valid days"),
]

TRAPS["generated"] = [generated()]

TRAPS["clean"] = [
    quiet("E01"),
    entry("E01", "fuel_year", fuel_year("1", "bituminous", "2022"), "months_tested", "12"),
]

# carbon 0.5400: 1.9602 tCO2/t; read in time 81 152.28 and 82 034.37, together 163 186.65
APRIL, MONTHS = fuel("2", "bituminous", "2022-04"), [unit_month("2", "2022-04"), unit_month("2", "2022-05")]
TRAPS["cancel"] = [
    finding("E12", "load-factor-range", "error", "unit_month", MONTHS[0], "101.20",  # 109 296 / (150 × 720)
            file="unit-month.csv", at="109296.000"),
    entry("E12", "fuel_month", APRIL, "E", "89267.51"),  # 45 540 × 1.9602 = 89 267.508
    entry("E12", "fuel_month", MAY_2, "E", "73919.14"),  # 37 710 × 1.9602 = 73 919.142
    added("E12", "fuel_month", [APRIL, MAY_2], "E", "163186.65"),
    added("E12", "unit_month", MONTHS, "electricity_generated", "199800.000"),
]

# never a smaller total: 2021 is whole, 2022 is not
TRAPS["totals"] = [
    total("city_year", {"year": "2021"}, "entities", "15"),
    summed("2021", "emissions"),
    summed("2021", "electricity_generated"),
    summed("2021", "electricity_supplied"),
    summed("2021", "heat_supplied"),
    summed("2022", "electricity_generated"),
    total("city_year", YEAR_2022, "emissions", None, error="out-of-range"),
    total("city_total", {}, "emissions", None, error="out-of-range"),
]


# ── run ──────────────────────────────────────────────────────────────────────────────────────────

def main(qz, *wanted):
    with tempfile.TemporaryDirectory(prefix="traps-") as scratch:
        done = subprocess.run([qz, "run", str(CITY / "job.json"), "--output", scratch], capture_output=True, text=True)
        if done.returncode != 1:
            print(f"the city must end with 1, it ended with {done.returncode}\n{done.stderr}")
            return 1
        ledger = Ledger(pathlib.Path(scratch) / "ledger.json")
        failed = 0
        for name in wanted or TRAPS:
            problems = [problem for check in TRAPS[name] for problem in check(ledger, qz)]
            for problem in problems:
                print(f"trap {name}: {problem}")
            failed += bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
