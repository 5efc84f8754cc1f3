"""What a random pack is made of: tables and their relations, columns, dimensions and units.

The relations are worked out here once more, in the few lines that random formulas need: a
formula must be valid, its value is for the two evaluators to find.
"""

PERIODS = ["hour", "day", "month", "quarter", "year", "cycle"]

# Dimensions that formulas use, each with units that convert exactly.
UNITS = {"1": ["1", "%"], "mass": ["t", "kg"], "energy": ["GJ", "MWh"], "density": ["GJ/t", "MWh/t", "kJ/kg"]}
PRODUCTS = {("density", "mass"): "energy", ("mass", "density"): "energy", ("1", "mass"): "mass", ("mass", "1"): "mass",
            ("1", "energy"): "energy", ("energy", "1"): "energy", ("1", "1"): "1", ("density", "1"): "density",
            ("1", "density"): "density"}
QUOTIENTS = {("energy", "mass"): "density", ("energy", "density"): "mass", ("mass", "mass"): "1", ("energy", "energy"): "1",
             ("density", "density"): "1", ("mass", "1"): "mass", ("energy", "1"): "energy", ("1", "1"): "1",
             ("density", "1"): "density"}

KEYS = {
    "site": ["entity"],
    "line": ["entity", "line"],
    "fuel_month": ["entity", "line", "fuel", "month"],
    "line_month": ["entity", "line", "month"],
    "site_month": ["entity", "month"],
    "site_quarter": ["entity", "quarter"],
    "line_year": ["entity", "line", "year"],
    "site_year": ["entity", "year"],
    "district_year": ["district", "year"],
    "site_day": ["entity", "day"],
    "site_hour": ["entity", "hour"],
    "ticket": ["entity", "row"],
    "pair": ["entity", "line", "gas"],
    "gas_kind": ["gas"],
    "city": [],
    "city_cycle": ["cycle"],
}
REGISTERS = ["site", "line", "gas_kind"]


class Column:
    """type: a dimension (a key of UNITS), or text, bool, date."""

    def __init__(self, table, name, type_, content, unit=None):
        self.table = table
        self.name = name
        self.type = type_
        self.content = content        # the member of the pack
        self.unit = unit

    @property
    def is_input(self):
        return "input" in self.content and "formula" not in self.content and "cases" not in self.content


class Table:
    def __init__(self, name):
        self.name = name
        self.key = KEYS[name]
        self.period = next((k for k in self.key if k in PERIODS), None)
        self.columns = []
        self.links = []
        self.inherited = []           # links of tables above
        self.content = {"key": self.key}

    def texts(self):
        return [k for k in self.key if k not in PERIODS and k != "row"]

    def settled(self):
        return self.texts() + self.links + self.inherited

    def settles_period(self, other):
        """Is a period of `other` no longer than mine?"""
        return self.period is not None and PERIODS.index(self.period) >= PERIODS.index(other.period)

    def settles(self, other):
        """Is `other` up from here?"""
        if self is other:
            return True
        for key in other.key:
            if key in PERIODS:
                if self.period is None or PERIODS.index(self.period) > PERIODS.index(key):
                    return False
            elif key == "row" or key not in self.settled():
                return False
        return True

    def lists(self, other):
        """May `other` be read as a list from here?"""
        if self.settles(other):
            return False
        shares = any(k in self.settled() for k in other.texts()) or any(k in self.key for k in other.settled())
        return shares or bool(self.period and other.period) or not self.key
