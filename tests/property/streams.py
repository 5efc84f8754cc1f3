"""Tables that pass by give the same bytes as tables whose rows are kept.

    python3 tests/property/streams.py --qz build/rel/qz --seeds 1..30

Random packs with a table whose key ends in `row` and that is only summed: filters, factors, rows above,
missing and impossible cells, checks, several files. Each job runs with one and two threads, and with
--keep-rows: exit code, ledgers, findings and messages must be equal. Odd seeds have sums and counts only.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile


def make(seed, root):
    """The files of one seed in `root`."""
    rng = random.Random(seed)
    (root/"factors/packs/t.stream").mkdir(parents=True); (root/"job").mkdir(parents=True)
    (root/"factors/tables/t.fuels/1").mkdir(parents=True)
    (root/"factors/tables/t.fuels/1/fuels.csv").write_text("fuel,valid_from,valid_to,carbon,ch4,source,status\ncoal,2020-01-01,2022-03-31,0.6,0.02,x,recalled\ncoal,2022-04-01,,0.61,0.02,x,verified\ngas,2020-01-01,,0.75,,x,verified\noil,2020-01-01,2022-06-30,0.85,0.1,x,draft\n")
    (root/"factors/tables/t.fuels/1/datapackage.json").write_text(json.dumps({"name":"t.fuels","version":"1","title":"t","resources":[{"name":"t.fuels","path":"fuels.csv","schema":{"primaryKey":["fuel","valid_from"],"fields":[{"name":"fuel","type":"string"},{"name":"valid_from","type":"date"},{"name":"valid_to","type":"date"},{"name":"carbon","type":"number","unit":"tC/t"},{"name":"ch4","type":"number","unit":"kg/t"},{"name":"source","type":"string"},{"name":"status","type":"string"}]}}]}))
    key=rng.choice([["entity","unit","month","row"],["entity","row"],["entity","unit","fuel","month","row"],["entity","fuel","day","row"]])
    period=[k for k in key if k in("month","day")]
    fuel={} if "fuel" in key else {"fuel":{"input":"text"}}
    cols={**fuel,"FC":{"input":"number","unit":"t","decimals":2,"min":"-10","max":"9000"},"C":{"input":"number","unit":"tC/t","optional":True,"formula":"fuels(fuel).carbon"},
    "OF":{"input":"number","unit":"%","optional":rng.random()<.5},"ok":{"input":"bool","optional":True},"d":{"input":"date","optional":True},
    "E":{"unit":"tCO2","formula":"FC * C * OF * k","round":2},
    "M":{"unit":"kg","formula":"FC * fuels(fuel).ch4","round":rng.choice([0,3]),"when":"FC > 0[t]"},
    "Q":{"unit":"1","formula":"FC / (FC - 5[t])"},
    "P":{"unit":"CNY","cases":[{"when":"ok","formula":"FC * price.p","how":"measured"},{"when":"FC > 50[t]","formula":"FC * site.w * 1[CNY/t]"}]},
    "Z":{"unit":"t","formula":"if ok then FC else min(FC, 3[t])"}}
    totals={"E":("sum(act.E)","tCO2"),"n":("count(act)","1"),"nc":('count(act[fuel = "coal"])',"1"),"ec":('sum(act[fuel = "coal" and ok].E)',"tCO2"),"mn":("min(act.FC)","t"),"mx":("max(act.E)","tCO2"),"av":("mean(act.FC)","t"),"wav":("mean(act.C, act.FC)","tC/t"),"M":("sum(act.M)","kg"),"Q":("sum(act.Q)","1"),"P":("sum(act.P)","CNY"),"q2":("sum(act.FC / (act.FC - 7[t]))","1"),"no":("count(act[C != null])","1"),"z":("sum(act[OF > 50[%]].Z)","t"),"nn":("sum(act[FC != null].FC)","t")}
    quick=seed%2==1
    if quick:
        for c in ("P","Z"): cols.pop(c)
        if rng.random()<.5: cols.pop("Q")
        totals={k:v for k,v in totals.items() if k in ("E","n","M","Q") and (k!="Q" or "Q" in cols)}; totals["FC"]=("sum(act.FC)","t")
    bools={"any":"any(act.ok)","all":"all(act.ok)","anyf":"any(act[FC > 0[t]].E > 10[tCO2])","last":None}
    def table(k, p=.6):
        c={n:{"unit":u,"formula":f,"shown":8,"report":True} for n,(f,u) in totals.items() if rng.random()<p}
        c["E"]={"unit":"tCO2","formula":"sum(act.E)","round":1,"report":True}
        for n,f in ({} if quick else bools).items():
            if f and rng.random()<p: c[n]={"formula":f,"report":True}
        if not quick and period and rng.random()<.4:
            c["lastd"]={"formula":"max(act.d)","report":True}
        return {"key":k,"columns":c}
    tables={"act":{"key":key,"columns":cols},"price":{"key":[],"columns":{"p":{"input":"number","unit":"CNY/t"}}},
     "site":{"key":["entity"],"columns":{"w":{"input":"number","unit":"1"},"w2":{"unit":"1","formula":"w * 2"},"E":{"unit":"tCO2","formula":"sum(act.E)","shown":3,"report":True}}},
     "total":table([]),"fuelt":table(["fuel"]) if "fuel" in key else table(["entity"]) }
    if period: tables["ey"]=table(["entity","year"]); tables["q"]=table([ "quarter"])
    if "fuel" in key and period: tables["fm"]=table(["fuel","month"])
    checks=[{"id":"neg","table":"act","severity":"warning","require":"FC >= 0[t]","message":{"en":"FC {FC} at {site.w} is {E}","zh":"负"},"cite":"x"},
     {"id":"big","table":"act","severity":"info","when":"ok","require":"Z < 8000[t]","message":{"en":"Z {Z}","zh":"大"},"cite":"x"},
     {"id":"tot","table":"site","severity":"error","require":"sum(act.E) < 100000[tCO2]","message":{"en":"E {E}","zh":"大"},"cite":"x"}]
    if quick or rng.random()<.4: checks=checks[2:]
    pack={"pack":"t.stream","version":"1","title":{"en":"t"},"applies":{"from":"2000-01-01"},"factors":{"fuels":"t.fuels@1"},"constants":{"k":{"value":"44/12","unit":"tCO2/tC"}},"rounding":"half-up","tables":tables,"checks":checks}
    (root/"factors/packs/t.stream/1.json").write_text(json.dumps(pack,indent=1))
    clean=rng.random()<(.7 if quick else .3)
    def row():
        r={}
        r["entity"]=rng.choice(["A","B","C","乙","D"]); r["unit"]=rng.choice("12"); r["fuel"]=rng.choice(["coal","coal","gas"] if clean else ["coal","coal","gas","oil","coal","peat"] if rng.random()<.1 else ["coal","gas","oil"])
        m=rng.randint(1,12); r["month"]=f"2022-{m:02d}"; r["day"]=f"2022-{m:02d}-{rng.randint(1,28):02d}"
        r["FC"]=rng.choice([f"{rng.randint(0,99999)/100}","5","7","","-3","9000.5","12.345"] if not clean and rng.random()<.06 else [f"{rng.randint(0,99999)/100:.2f}"])
        r["C"]=rng.choice(["","0.5","0.61234"]); r["OF"]=rng.choice(["98","99.5","97.25"]) if clean or rng.random()>.03 else ""
        r["ok"]=rng.choice(["true","false"]) if clean or rng.random()>.03 else ""; r["d"]=rng.choice(["2022-05-05","2022-05-07"]) if rng.random()>.03 else ""
        return r
    heads=[k for k in key if k!="row"]+[c for c in cols if c in("fuel","FC","C","OF","ok","d")]
    files=[]
    for f in range(rng.choice([1,2])):
        n = rng.choice([0, 3, 40, 300])
        lines=[",".join(heads)]
        for _ in range(n):
            r=row()
            lines.append(",".join(('"%s"'%r[h] if rng.random()<.01 else r[h]) for h in heads))
        (root/f"job/act{f}.csv").write_text("\n".join(lines)+"\n",encoding="utf-8"); files.append(f"act{f}.csv")
    (root/"job/price.csv").write_text("p\n12.5\n")
    job={"job":"t","cycle":{"id":"c","years":["2022"]},"as_of":"2022-12-31","subject":"entity","packs":["t.stream"],"tables":{"act":files if len(files)>1 else files[0],"price":"price.csv"}}
    if rng.random()<.8:
        (root/"job/site.csv").write_text("entity,w\nA,1\nB,2\nC,3.5\n乙,4\n"+("D,5\n" if rng.random()<.95 else "")+"E,1\n"); job["tables"]["site"]="site.csv"
    (root/"job/job.json").write_text(json.dumps(job,indent=1))


def run(qz, root, name, *more):
    done = subprocess.run([qz, "run", root / "job/job.json", "--factors", root / "factors", "--output", root / name, *more],
                          capture_output=True, text=True, check=False)
    files = {p.name: p.read_bytes() for p in sorted((root / name).glob("*"))} if (root / name).is_dir() else {}
    told = sorted((done.stdout + done.stderr).replace(f"/{name}/", "/out/").splitlines())
    return done.returncode, files, told


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--qz", required=True)
    parser.add_argument("--seeds", default="1..20")
    options = parser.parse_args()
    first, last = (int(n) for n in options.seeds.split(".."))
    failed = []
    for seed in range(first, last + 1):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            make(seed, root)
            kept = run(options.qz, root, "kept", "--keep-rows")
            for name, threads in (("one", "1"), ("two", "2")):
                if run(options.qz, root, name, "--threads", threads) != kept:
                    failed.append(f"seed {seed}, {threads} thread(s)")
    print(f"{last - first + 1 - len(failed)} passed, {len(failed)} failed", *failed, sep="\n")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
