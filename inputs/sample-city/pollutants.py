"""What the sample city discharges beside carbon: permits, reduction projects, emission rights.

Written by hand; generate.py writes it into files. Permitted amounts and rights follow from capacity,
monthly discharges from what each plant generated; the traps are set by hand. docs/sample-city.md says
what each must come to.
"""

from decimal import ROUND_HALF_UP, Decimal

ENTITIES = {
    "B01": ("示例市城建与环境项目（虚构） Projects of the city (invented)", "91370000MAINVENTB1"),
    "R01": ("示例市排污权储备中心（虚构） Reserve of emission rights (invented)", "91370000MAINVENTR1"),
}
ZONE, AREA = "示例市", "示例市"
CAPACITY = {"E01": 1320, "E02": 660, "E03": 700, "E04": 200, "E05": 300, "E06": 800, "E07": 350, "E08": 1500, "E09": 270,
            "E10": 730, "E11": 180, "E12": 300}
GAS = ("E11",)
# t/a for each MW, and kg for each MWh generated
PERMITTED = {"NOx": ("1.00", "0.40"), "SO2": ("0.70", "0.02")}
RATE = {"NOx": ("0.120", "0.050"), "SO2": ("0.080", "0.002")}
YEARS = ("2021", "2022")

# 14 E04: each calendar year keeps within 115 t, twelve months to January 2022 do not: 10 × 8 + 20 + 20 = 120
E04_NOX = {"2021": "8 8 8 8 8 8 8 8 8 8 8 20", "2022": "20 0 8 8 8 8 8 8 8 8 8 8"}
# 14 E10: 560 t in 2022, above the mean of the days (730 × 273 / 365 = 546), below what it holds on any day but in summer
E10_NOX_2022 = "52 48 46 40 38 44 52 54 44 42 46 54"

# What stacks measure is not given a second time (stacks.py)
MEASURED = [(entity, pollutant, f"2021-{month:02d}") for entity, pollutant in (("E06", "SO2"), ("E07", "NOx")) for month in (1, 2, 3)]

# Permitted amounts that differ from capacity × rate. Changed with a trade: E02, E05, E07, E11, E12; not changed: E08
AMOUNTS = {("E04", "NOx", "2021"): "115", ("E04", "NOx", "2022"): "115", ("E02", "NOx", "2022"): "630",
           ("E05", "NOx", "2022"): "330", ("E07", "SO2", "2022"): "285", ("E12", "SO2", "2022"): "170",
           ("E11", "NOx", "2022"): "84"}


def amount(entity, pollutant, year="2021"):
    rate = Decimal(PERMITTED[pollutant][entity in GAS])
    return AMOUNTS.get((entity, pollutant, year)) or f"{(CAPACITY[entity] * rate).normalize():f}"


def permits(others):
    """entity, class, continuous monitoring, valid from and to."""
    key = [[entity, "key", "true", "2020-06-01", "2025-05-31"] for entity in [*CAPACITY, *others]]
    return key + [[entity, "none", "", "", ""] for entity in ENTITIES]


def permit_years():
    return [[entity, pollutant, year, amount(entity, pollutant, year)]
            for entity in CAPACITY for pollutant in PERMITTED for year in YEARS]


def permit_months(generated):
    """`generated`: MWh by entity and month, of the honest city."""
    rows = []
    for (entity, month), energy in sorted(generated.items()):
        for pollutant, rates in RATE.items():
            if (entity, pollutant, month) in MEASURED:
                continue
            by_hand = {("E04", "NOx"): E04_NOX, ("E10", "NOx"): {"2022": E10_NOX_2022}}.get((entity, pollutant), {})
            if month[:4] in by_hand:
                tonnes = by_hand[month[:4]].split()[int(month[5:]) - 1]
            else:
                tonnes = (energy * Decimal(rates[entity in GAS]) / 1000).quantize(Decimal("0.001"), ROUND_HALF_UP)
            rows.append([entity, pollutant, month, str(tonnes)])
    return rows


# ── emission rights ──────────────────────────────────────────────────────────────────────────────

FREE = (("E04", "NOx"), ("E12", "SO2"))
LOTS = [("R-NOx", "NOx", "other", "paid", "2020-06-01", "2025-05-31"),
        ("E10-NOx-2017", "NOx", "power", "paid", "2017-07-01", "2022-06-30"),
        ("E10-NOx-2022", "NOx", "power", "paid", "2022-10-01", "2027-09-30"),
        ("R-power", "NOx", "power", "paid", "2020-06-01", "2025-05-31")]


def lots():
    """instrument, lot, pollutant, zone, sector, how it was obtained, valid from and to."""
    own = [(f"{entity}-{pollutant}", pollutant, "power", "free" if (entity, pollutant) in FREE else "paid", "2020-06-01",
            "2025-05-31") for entity in CAPACITY for pollutant in PERMITTED if (entity, pollutant) != ("E10", "NOx")]
    return [["RIGHT", lot, pollutant, ZONE, *rest] for lot, pollutant, *rest in [*own, *LOTS[1:]]]


def accounts(others):
    """entity, kind of account, sector, air region."""
    return [[entity, "reserve" if entity == "R01" else "holder", "power" if entity[0] == "E" else "", ZONE]
            for entity in [*CAPACITY, *others, *ENTITIES]]


HEADINGS = ["id", "date", "kind", "instrument", "lot", "from", "to", "quantity", "price", "reduction", "project", "lease_to",
            "pledge_to", "loan", "appraised"]


def moves():
    rows = []

    def move(date, kind, lot, giver, taker, tonnes, **more):
        cells = dict(id=f"P{len(rows) + 1:03d}", date=date, kind=kind, instrument="RIGHT", lot=lot, to=taker,
                     quantity=str(tonnes), **more)
        cells["from"] = giver
        rows.append([cells.get(name, "") for name in HEADINGS])

    move("2017-07-01", "init_alloc", "E10-NOx-2017", "", "E10", 730)
    for entity in CAPACITY:
        for pollutant in PERMITTED:
            if (entity, pollutant) != ("E10", "NOx"):
                move("2020-06-01", "init_alloc", f"{entity}-{pollutant}", "", entity, amount(entity, pollutant))
    move("2020-06-01", "holdback", "R-power", "", "R01", 300)
    # a sale as it should be: a confirmed cut, both permits changed
    move("2021-12-15", "certify_surplus", "E02-NOx", "E02", "", 30, reduction="P02")
    move("2022-01-04", "list", "E02-NOx", "E02", "", 30)
    move("2022-01-05", "transfer", "E02-NOx", "E02", "E05", 30, price="60000")
    # a lease of 184 days
    move("2022-02-20", "certify_surplus", "E03-NOx", "E03", "", 20, reduction="P03")
    move("2022-03-01", "lease_out", "E03-NOx", "E03", "E09", 20, lease_to="2022-08-31")
    move("2022-09-01", "lease_end", "E03-NOx", "E09", "E03", 20, lease_to="2022-08-31")
    # 14 pledged, and expired in the middle of the year; what is pledged cannot be certified, what expired cannot be pledged
    move("2022-02-10", "pledge", "E10-NOx-2017", "E10", "", 300, pledge_to="2023-02-09", loan="2400000", appraised="3200000")
    move("2022-03-01", "certify_surplus", "E10-NOx-2017", "E10", "", 500, reduction="P10")
    move("2022-08-01", "pledge", "E10-NOx-2017", "E10", "", 50, pledge_to="2023-07-31", loan="400000", appraised="500000")
    move("2022-10-01", "renew", "E10-NOx-2022", "", "E10", 730)
    move("2022-12-30", "expire", "E10-NOx-2017", "E10", "", 430)
    # 14 a free right sold before its fee was paid back
    move("2022-05-01", "certify_surplus", "E12-SO2", "E12", "", 40, reduction="P12")
    move("2022-05-10", "list", "E12-SO2", "E12", "", 40)
    move("2022-05-20", "transfer", "E12-SO2", "E12", "E07", 40, price="45000")
    # 14 a sale after which the seller's permit was not changed
    move("2022-05-02", "certify_surplus", "E08-SO2", "E08", "", 50, reduction="P08")
    move("2022-05-25", "list", "E08-SO2", "E08", "", 50)
    move("2022-06-01", "transfer", "E08-SO2", "E08", "E06", 50, price="45500")
    # two to one for a new gas turbine
    move("2022-06-20", "reserve_sale", "R-power", "R01", "E11", 24, price="76000", project="二期")
    move("2022-06-25", "replace", "R-power", "E11", "", 12, project="二期")
    return rows


# entity, contract, pollutant, lot, t/a, yuan/t for the term, due
FEES = [("E01", "1", "NOx", "E01-NOx", "1320", "1500", "2020-09-30"), ("E01", "2", "SO2", "E01-SO2", "924", "1500", "2020-09-30"),
        ("E06", "1", "NOx", "E06-NOx", "800", "1500", "2023-06-30"), ("E12", "1", "SO2", "E12-SO2", "210", "1500", "2022-12-31")]
# 14: E12 paid the fee back after the sale; E06's first part is 470 000 of 1 200 000
PAYMENTS = [("E01", "1", "2020-08-10", "1980000"), ("E01", "2", "2020-08-10", "1386000"), ("E06", "1", "2020-08-20", "470000"),
            ("E06", "1", "2022-08-20", "730000"), ("E12", "1", "2022-06-30", "315000")]
# entity, reduction, pollutant, t/a, where the cut comes from
CUTS = [("E02", "P02", "NOx", "200", "treatment"), ("E03", "P03", "NOx", "236", "treatment"), ("E08", "P08", "SO2", "60", "upgrade"),
        ("E12", "P12", "SO2", "45", "treatment")]
ZONE_YEARS = [(ZONE, "2021", "42", "false"), (ZONE, "2022", "39", "false")]
CAPS = [(ZONE, "NOx", "8200"), (ZONE, "SO2", "5000")]
REPLACEMENTS = [("E11", "二期", "NOx", "2022", ZONE, "12", "2022-06-28")]


# ── reduction projects ───────────────────────────────────────────────────────────────────────────

# entity, project, type, stable since, listed, pollutant, year, what the type asks for
PROJECTS = [
    ("E02", "P02", "cems", "2021-03-18", True, "NOx", "2021", dict(C0="120", C1="40", flow="500000", hours="5000", as_offset="180")),
    ("E03", "P03", "coefficient", "2021-04-10", True, "NOx", "2021",
     dict(activity="1000000", coefficient="4.72", eta1="85", k1="1", eta0="80", k0="1")),
    ("E06", "P06", "ultra_low", "2022-05-08", True, "NOx", "2022", dict(activity="600000", flue_per_t="10000", C0="75", C1="45")),
    ("E09", "P09", "closure", "", True, "NOx", "2022", dict(base_emission="85", transferred="20")),
    ("B01", "P21", "sewage_expansion", "2022-03-10", True, "COD", "2022",
     dict(V0="14600000", Cin0="250", Cout0="50", V1="18250000", Cin1="250", Cout1="40")),
    ("B01", "P22", "sewage_upgrade", "2021-11-02", True, "COD", "2022", dict(V1="3650000", Cout0="50", Cout1="30")),
    ("B01", "P23", "reclaimed", "2021-12-20", True, "COD", "2022", dict(reused="1000000", Cout1="30")),
    ("B01", "P24", "rural_sewage", "2022-01-15", True, "COD", "2022",
     dict(people="1000", load_per_person="40", sewage_capture="80", eta1="75")),
    ("B01", "P25", "leachate", "2022-06-30", True, "COD", "2022", dict(V1="36500", Cin1="5000", Cout1="100")),
    ("B01", "P26", "boiler", "2021-10-31", True, "NOx", "2022", dict(activity="1000", coefficient="2.94", eta0="0", replacing="0.5")),
    ("B01", "P27", "clean_heating", "2021-11-15", True, "NOx", "2022",
     dict(households="1000", coal_per_household="2", coefficient="1.5", replacing="0")),
    ("B01", "P28", "scrappage", "2022-01-01", True, "NOx", "2022", dict(vehicles="5.95")),
    ("B01", "P29", "voc_treatment", "2022-02-01", True, "VOCs", "2022",
     dict(generated="100", capture1="90", eta1="80", k1="1", capture0="50", eta0="40", k0="1")),
    ("B01", "P30", "substitution", "2022-01-01", True, "VOCs", "2022", {}),
    ("B01", "P31", "livestock", "2022-01-01", False, "COD", "2022", dict(heads="10000", intensity0="5", intensity1="2")),
]
MATERIALS = [("B01", "P30", "汽车涂料", "VOCs", "2022", "100", "60", "10", "50")]
TARGETS = [(AREA, pollutant, year, target) for pollutant, target in (("NOx", "900"), ("COD", "1500"), ("VOCs", "120"))
           for year in YEARS]


def projects():
    """entity, project, area, type, stable, listed, and what would exclude it."""
    return [[entity, project, AREA, kind, stable, "true" if listed else "false", "true", "false", "false", "false",
             "2020年统计" if kind == "closure" else ""] for entity, project, kind, stable, listed, *_ in PROJECTS]


def project_years():
    names = list(dict.fromkeys(name for *_, cells in PROJECTS for name in cells))
    return (["entity", "project", "pollutant", "year", *names],
            [[entity, project, pollutant, year, *(cells.get(name, "") for name in names)]
             for entity, project, _, _, _, pollutant, year, cells in PROJECTS])
