"""The market of the sample city: three more emitters with yearly figures, and every move of 2021 to 2023.

Written by hand; generate.py writes it into files. What each emitter was allotted and owes follows from
the packs, so these amounts stand here as whole tonnes. docs/sample-city.md says what each trap comes to.
"""

ENTITIES = {
    "E13": ("三里河燃机热电厂（虚构） Sanlihe Gas and Coal (invented)", "91370000MAINVENT13"),
    "E14": ("白沙洲发电厂（虚构） Baishazhou Power Plant (invented)", "91370000MAINVENT14"),
    "E15": ("断桥发电有限公司（虚构） Duanqiao Power (invented)", "91370000MAINVENT15"),
}
BELOW, GAS = "conventional_coal_300MW_and_below", "gas"

# entity, unit, class, capacity
UNITS = [("E13", "1", GAS, "60"), ("E13", "2", BELOW, "135"), ("E14", "1", BELOW, "200"), ("E15", "1", BELOW, "150")]

# entity, unit, year, MWh generated and supplied, GJ, load factor, verified emissions. No monthly data is at hand.
# 13: E13 of 2022: gas 78 020 raised to 88 970, coal 611 030, together 700 000; emissions 1 000 003
#  9: E14 of 2022: 785 610 allotted, 872 900 emitted: a gap of exactly 10.00 %
UNIT_YEARS = [
    ("E13", "1", "2021", "318000", "310000", "0", "86.00", "120000"),
    ("E13", "1", "2022", "205300", "200000", "0", "86.00", "88970"),
    ("E13", "2", "2021", "741500", "700000", "0", "85.40", "640000"),
    ("E13", "2", "2022", "742000", "700000", "0", "85.10", "911033"),
    ("E14", "1", "2021", "931300", "880000", "0", "86.20", "770000"),
    ("E14", "1", "2022", "953100", "900000", "0", "85.70", "872900"),
    ("E15", "1", "2021", "742300", "700000", "0", "87.00", "620000"),
    ("E15", "1", "2022", "731700", "690000", "0", "86.10", "655000"),
]

# instrument, lot, vintage, series
LOTS = [("CEA", "2019-2020", "2019-2020", ""), ("CEA", "2021", "2021", ""), ("CEA", "2022", "2022", ""),
        ("CEA", "2023", "2023", ""), ("CCER", "风电2015", "", "legacy"), ("CCER", "光伏2016", "", "legacy")]

# 70 % of the verified emissions of 2021, for each of the two years, cut to whole tonnes
PRE_ALLOCATED = {
    "E01": 3830411, "E02": 2021280, "E03": 2146059, "E04": 713638, "E05": 1031277, "E06": 2647705, "E07": 1113569,
    "E08": 2916145, "E09": 974891, "E10": 2387188, "E11": 283874, "E12": 984749, "E13": 532000, "E14": 539000,
    "E15": 434000,
}
# What was determined in the summer of 2023, cut to whole tonnes. None: a figure is missing, nothing was determined
DETERMINED = {
    "E01": (5473227, 5462927), "E02": (2902657, 2911017), "E03": (3259425, None), "E04": (1030798, None),
    "E05": (1487472, 1505829), "E06": (3673254, None), "E07": (1617016, 1544119), "E08": (4091802, 3156120),
    "E09": (1272240, 1270291), "E10": (3276004, 3554635), "E11": (405535, 392362), "E12": (1450152, 1497018),
    "E13": (735630, 800002), "E14": (772024, 785610), "E15": (614110, 602301),
}
# Verified emissions; None: not known, or in dispute
OWED = {
    "E01": (5472016, 5441466), "E02": (2887544, 2929844), "E03": (3065799, None), "E04": (1019483, None),
    "E05": (1473253, None), "E06": (3782437, None), "E07": (1590813, 1528202), "E08": (4165922, 3199139),
    "E09": (1392702, 1391230), "E10": (3410269, 3764462), "E11": (405535, 392362), "E12": (1406785, 1468556),
    "E13": (760000, 1000003), "E14": (770000, 872900), "E15": (620000, 655000),
}
OPENING = {"E01": 640000, "E02": 60000, "E06": 150000, "E10": 90000}      # lot 2019-2020, left from the first period

# date, lot, from, to, tonnes, price
TRADES = [
    ("2023-06-01", "2019-2020", "E01", "E09", 120000, "56.40"),
    ("2023-09-04", "2019-2020", "E01", "E10", 200000, "68.15"),
    ("2023-10-11", "2021", "E03", "E10", 110000, "80.30"),
    ("2023-10-12", "2021", "E03", "E08", 70000, "80.55"),
    ("2023-10-16", "2019-2020", "E01", "E08", 50000, "81.67"),
    ("2023-10-20", "2019-2020", "E01", "E13", 175000, "81.30"),
    ("2023-11-02", "2022", "E07", "E09", 15000, "77.40"),
    ("2023-11-03", "2021", "E07", "E09", 26000, "77.20"),
    ("2023-11-06", "2022", "E12", "E09", 28000, "73.90"),
    ("2023-11-07", "2021", "E12", "E14", 43000, "72.80"),
    ("2023-12-04", "2022", "E01", "E15", 18000, "70.25"),
]
OFFSETS = [("E09", "风电2015", 60000, "61.00"), ("E10", "光伏2016", 120000, "58.50"), ("E13", "光伏2016", 50000, "60.20")]


class Book:
    """The moves in order, and what each holds of each lot: surrenders take the oldest first."""

    def __init__(self):
        self.rows, self.held = [], {}

    def move(self, date, kind, lot, giver, taker, tonnes, price="", ref="", year="", instrument="CEA", refused=False):
        self.rows.append([f"M{len(self.rows) + 1:03d}", date, kind, instrument, lot, giver, taker, str(tonnes), price,
                          ref, year])
        if not refused:
            self.held[giver, lot] = self.held.get((giver, lot), 0) - tonnes
            self.held[taker, lot] = self.held.get((taker, lot), 0) + tonnes
        return self.rows[-1][0]

    def surrender(self, date, holder, year, tonnes):
        for lot in ("2019-2020", "2021", "2022"):
            part = min(tonnes, self.held.get((holder, lot), 0))
            if part > 0:
                self.move(date, "surrender", lot, holder, "", part, year=year)
                tonnes -= part


def issue(book):
    for holder, tonnes in OPENING.items():
        book.move("2021-10-29", "issue", "2019-2020", "", holder, tonnes)
    for holder, tonnes in PRE_ALLOCATED.items():
        for lot in ("2021", "2022"):
            book.move("2023-04-27", "issue", lot, "", holder, tonnes)
    for holder, years in DETERMINED.items():
        for lot, tonnes in zip(("2021", "2022"), years):
            if tonnes is not None:
                book.move("2023-08-11", "issue", lot, "", holder, tonnes - PRE_ALLOCATED[holder])


def trade(book):
    for date, lot, giver, taker, tonnes, price in TRADES:
        book.move(date, "trade", lot, giver, taker, tonnes, price)
    for holder, lot, tonnes, price in OFFSETS:
        book.move("2023-11-20", "issue", lot, "", holder, tonnes, instrument="CCER")
        book.move("2023-12-06", "offset", lot, holder, "", tonnes, year="2022", instrument="CCER")
    # 14 a slip of the keyboard, ten times too much, and the larger part of it taken back the next day
    slip = book.move("2023-12-07", "trade", "2021", "E05", "E13", 140000, "69.10")
    book.move("2023-12-08", "reverse", "2021", "", "", 126000, ref=slip, refused=True)
    book.held["E05", "2021"] += 126000
    book.held["E13", "2021"] -= 126000


def settle(book):
    # 14 half of E04's vintage 2022 cannot move
    book.move("2023-09-20", "freeze", "2022", "E04", "", 50000, refused=True)
    # 9  a gap of exactly 10.00 %: E14 borrows half of it
    book.move("2023-12-05", "borrow", "2023", "", "E14", 43645)
    book.move("2023-12-11", "surrender_borrowed", "2023", "E14", "", 43645, year="2022")
    for holder, (first, second) in OWED.items():
        book.surrender("2023-12-12", holder, "2021", first)
        if holder in ("E09", "E10", "E13"):
            second -= next(tonnes for name, _, tonnes, _ in OFFSETS if name == holder)
        if holder == "E14":
            second -= 43645
        if holder == "E11":
            second -= 362                                    # 14 the last of it comes after the deadline
        if second is not None:
            book.surrender("2023-12-19", holder, "2022", second)
    # 14 more than is free; a vintage that may not pay for 2022 unless it was borrowed; the day after the deadline
    book.move("2023-12-20", "surrender", "2022", "E04", "", 713638, year="2022", refused=True)
    book.move("2023-12-28", "surrender", "2023", "E15", "", 40589, year="2022", refused=True)
    book.move("2023-12-29", "trade", "2021", "E03", "E12", 10000, "79.42")
    book.move("2024-01-02", "surrender", "2022", "E11", "", 362, year="2022", refused=True)


def moves():
    book = Book()
    issue(book)
    trade(book)
    settle(book)
    return book.rows
