"""Writes a job the size of a country: every month of two years for thousands of invented power plants.

    python3 tests/bench/make_national.py FOLDER [--entities 3700]

Each entity has one to three units (two on the average); each unit has its production, fuel, laboratory reports and,
where it gives heat, its heat lines of 24 months; a quarter of them weigh on a calibrated belt scale, one in twenty
has the calorific value of every day, one in fifteen burns gas. Nine coal months in ten were tested, the others take the
default and say so. Every figure is invented, every row is in order: what remains are notes about defaults.
The same bytes come out each time, on any machine: integers only.
"""

import argparse
import calendar
import json
import pathlib

MONTHS = [f"{year}-{month:02d}" for year in (2021, 2022) for month in range(1, 13)]
SEASON = {"11": 16, "12": 31, "01": 31, "02": 28, "03": 15}  # days of the heating season
LOADS = [700, 620, 640, 580, 570, 640, 730, 740, 610, 570, 640, 710]  # per mille, by month
# capacity MW, class, tce for 100 000 MWh
SIZES = [(1000, "conventional_coal_above_300MW", 28100), (660, "conventional_coal_above_300MW", 28700),
         (600, "conventional_coal_above_300MW", 29300), (350, "conventional_coal_300MW_and_below", 30400),
         (330, "conventional_coal_300MW_and_below", 30700), (300, "conventional_coal_300MW_and_below", 31200),
         (200, "conventional_coal_300MW_and_below", 32400), (135, "conventional_coal_300MW_and_below", 33600)]
# GJ/t in thousandths, tC/GJ in hundred-thousandths, moisture as received and air-dried and dry ash-free carbon in tenths of a percent
COALS = {"bituminous": (20500, 2620, 106, 31, 824), "anthracite": (22400, 2715, 72, 18, 932), "lignite": (14200, 2770, 284, 125, 696)}
TABLES = {
    "entity": "entity,name,credit_code,province",
    "unit": "entity,unit,class,cooling,chp,capacity [MW],boiler_type,boiler_efficiency [%]",
    "meter": "entity,meter,name,accuracy [%]",
    "calibration": "entity,meter,calibration,done,due,accuracy_found [%]",
    "fuel_month": "entity,unit,fuel,month,meter,FC,C_ad,M_ad,M_ar,A_ad,sampled,reported,accredited,report_number,NCV",
    "coal_day": "entity,unit,fuel,day,FC,NCV",
    "gas_month": "entity,unit,fuel,month,FC,C_ar_measured,NCV",
    "heat_month": "entity,unit,line,month,method,heat_metered",
    "unit_month": "entity,unit,month,generation,auxiliary,purchased,hours",
}


class Chance:
    """SplitMix64: small, and the same on every machine."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = ((self.state ^ self.state >> 30) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return ((z ^ z >> 31) >> 32) * bound >> 32

    def near(self, middle, spread):
        return middle + self.below(2 * spread + 1) - spread


def shown(scaled, places):
    """An integer of 10^-places as a decimal."""
    return f"{scaled // 10**places}.{scaled % 10**places:0{places}d}" if places else str(scaled)


def days_of(month):
    return calendar.monthrange(int(month[:4]), int(month[5:]))[1]


def day_of_next(month, day):
    year, number = int(month[:4]), int(month[5:])
    year, number = (year, number + 1) if number < 12 else (year + 1, 1)
    return f"{year}-{number:02d}-{day:02d}"


class Country:
    def __init__(self):
        self.lines = {name: [] for name in TABLES}

    def add(self, table, *cells):
        self.lines[table].append(",".join(map(str, cells)) + "\n")

    def entity(self, number):
        entity, chance = f"P{number:04d}", Chance(number)
        self.add("entity", entity, f"虚构电厂{number:04d}", f"9137{number:014d}", f"省{number % 31 + 1:02d}")
        for unit in range(1, 2 + chance.below(3)):
            self.unit(entity, str(unit), chance)

    def unit(self, entity, unit, chance):
        capacity, kind, rate = SIZES[chance.below(len(SIZES))]
        gas, chp = chance.below(15) == 0, chance.below(3) == 0
        efficiency = chance.near(915, 15)
        if gas:
            capacity, kind, rate = 180, "gas", 23300
        self.add("unit", entity, unit, kind, "air" if chance.below(4) == 0 else "water", "true" if chp else "false",
                 capacity, "" if gas else "pulverised", shown(efficiency, 1))
        meter = self.scale(entity, unit) if not gas and chance.below(4) == 0 else ""
        daily = not gas and chance.below(20) == 0
        coal = ("bituminous", "bituminous", "bituminous", "anthracite", "lignite")[chance.below(5)]
        for month in MONTHS:
            need = self.production(entity, unit, month, capacity, rate, chp, chance)
            if gas:
                self.gas(entity, unit, month, need, chance)
            else:
                self.coal(entity, unit, coal, month, need, meter, daily, chance)

    def scale(self, entity, unit):
        meter = f"B-{unit}"
        self.add("meter", entity, meter, f"{unit}号机入炉煤皮带秤", "0.5")
        for year in (2020, 2021, 2022):
            self.add("calibration", entity, meter, year, f"{year}-06-20", f"{year + 1}-06-19", "0.3")
        return meter

    def production(self, entity, unit, month, capacity, rate, chp, chance):
        """The unit's month; the heat that its fuel must bring, in GJ."""
        hours = 2400 * days_of(month) - (0 if chance.below(4) else chance.near(20000, 9999))  # hundredths
        load = chance.near(LOADS[int(month[5:]) - 1], 30)
        generation = capacity * hours * load // 100  # kWh
        auxiliary = generation * chance.near(71 if chp else 52, 4) // 1000
        self.add("unit_month", entity, unit, month, shown(generation, 3), shown(auxiliary, 3), shown(chance.near(6000, 5000), 3),
                 shown(hours, 2))
        heat = 0
        if chp:
            season = SEASON.get(month[5:], 0) * 24 * capacity * 8 // 10
            heat = season * chance.near(860, 60) // 1000
            self.add("heat_month", entity, unit, "采暖", month, "metered", f"{heat}.00")
        return generation * rate * 293076 // 10**12 + heat * 10 // 9

    def coal(self, entity, unit, fuel, month, need, meter, daily, chance):
        heat, carbon, wet, dry, daf = COALS[fuel]
        heat, wet, dry = chance.near(heat, 400), chance.near(wet, 12), chance.near(dry, 5)
        last = days_of(month)
        tonnes = need * 100000 // heat  # hundredths of a tonne
        if daily:
            tonnes -= tonnes % last
            for day in range(1, last + 1):
                self.add("coal_day", entity, unit, fuel, f"{month}-{day:02d}", shown(tonnes // last, 2), shown(chance.near(heat, 300), 3))
        cells = [""] * 8
        if chance.below(10):  # tested
            as_received = heat * chance.near(carbon, 30)  # tC/t in 10^-8
            air_dried = as_received * (1000 - dry) // (1000 - wet) // 10000
            ash = 10000 - 10 * dry - air_dried * 1000 // chance.near(daf, 10)  # hundredths of a percent
            cells = [shown(air_dried, 4), shown(dry, 1), shown(wet, 1), shown(ash, 2), f"{month}-{last}", day_of_next(month, 12 + chance.below(15)),
                     "true", f"{entity}-{unit}-{month}"]
        self.add("fuel_month", entity, unit, fuel, month, meter, shown(tonnes, 2), *cells, "" if daily else shown(heat, 3))

    def gas(self, entity, unit, month, need, chance):
        heat = chance.near(368100, 900)
        cubic = need * 100000 // heat
        self.add("gas_month", entity, unit, "natural_gas", month, shown(cubic, 2), shown(chance.near(55600, 200), 4), shown(heat, 3))


def make(folder, entities=3700):
    """The job file of a new job; its number of input rows."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    country = Country()
    for number in range(1, entities + 1):
        country.entity(number)
    for table, heading in TABLES.items():
        (folder / f"{table}.csv").write_text(heading + "\n" + "".join(country.lines[table]), encoding="utf-8")
    job = {"job": f"national-{entities}", "cycle": {"id": "national", "years": ["2021", "2022"]}, "as_of": "2023-12-31",
           "packs": ["cn.cets.power.mrv"], "tables": {table: f"{table}.csv" for table in TABLES}}
    path = folder / "job.json"
    path.write_text(json.dumps(job, indent=2) + "\n", encoding="utf-8")
    return path, sum(map(len, country.lines.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--entities", type=int, default=3700)
    arguments = parser.parse_args()
    path, rows = make(arguments.folder, arguments.entities)
    print(f"{path}: {rows} rows")


if __name__ == "__main__":
    main()
