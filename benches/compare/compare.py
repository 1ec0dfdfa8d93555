"""Do Opora's kernel, DuckDB and Polars give the same answers on the same file, and how fast is each?

Three questions on one Parquet file of individual results, each from the file on, nothing kept between passes:

cells   participants and those who did not pass, by organisation x procedure x year, where n >= 10
full    everything a cell holds: each mark, sums of scores, comparison with the journal, first and last row
all     cells; low schools (>= 2 procedures of a year with 30 % or more not passed, one of which was low the year
        before, too); participants, not passed and mean score by municipality and by region x procedure x year

Our kernel always counts the full cells, so its figure stands beside `cells` and beside `full`. Each engine runs in a
process of its own with the same number of threads; the processes take turns. An engine may keep the answer in its own
form (a table in memory, a data frame); nobody has to print it.
"""

import argparse
import csv
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

JUDGED = "count(*) FILTER (outcome <> 0)"
FAILED = "count(*) FILTER (outcome BETWEEN 1 AND 2)"


def measured(work):
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    work()
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class DuckDB:
    def __init__(self, arguments):
        import duckdb

        self.db = duckdb.connect()
        self.db.execute(f"SET threads = {arguments.threads}")
        # The order of rows does not matter: DuckDB is faster when it need not keep it.
        self.db.execute("SET preserve_insertion_order = false")
        self.rows = f"read_parquet('{arguments.rows}')"
        self.registry = f"read_csv('{arguments.places}')"
        self.answers = arguments.answers

    def cells(self):
        self.db.execute(
            f"""CREATE OR REPLACE TEMP TABLE answer_cells AS
            SELECT organisation, procedure, year, count(*) AS n, {FAILED} AS failed
            FROM {self.rows} GROUP BY ALL HAVING count(*) >= 10"""
        )

    def full(self):
        marks = ", ".join(f"count(*) FILTER (outcome = {code}) AS o{code}" for code in range(7))
        both = "outcome BETWEEN 2 AND 5 AND journal > 0"
        self.db.execute(
            f"""CREATE OR REPLACE TEMP TABLE answer_full AS
            SELECT organisation, procedure, year, count(*) AS n, {marks},
                count(*) FILTER (score <> 65535) AS scored, sum(score) FILTER (score <> 65535) AS score_sum,
                count(*) FILTER ({both} AND outcome < journal) AS below,
                count(*) FILTER ({both} AND outcome = journal) AS same,
                count(*) FILTER ({both} AND outcome > journal) AS above,
                min(file_row) AS row_first, max(file_row) AS row_last
            FROM {self.rows} GROUP BY ALL"""
        )

    def all(self):
        self.db.execute(
            f"""CREATE OR REPLACE TEMP TABLE counted AS
            SELECT organisation, procedure, year, count(*) AS n, {JUDGED} AS judged, {FAILED} AS failed,
                count(*) FILTER (score <> 65535) AS scored, sum(score) FILTER (score <> 65535) AS score_sum
            FROM {self.rows} GROUP BY ALL;
            CREATE OR REPLACE TEMP VIEW answer_kept AS
            SELECT organisation, procedure, year, n, failed FROM counted WHERE n >= 10;
            CREATE OR REPLACE TEMP TABLE low_cells AS SELECT organisation, procedure, year
            FROM counted WHERE n >= 10 AND judged > 0 AND 10 * failed >= 3 * judged;
            CREATE OR REPLACE TEMP TABLE answer_low AS
            SELECT now.organisation, now.year FROM low_cells now
            LEFT JOIN low_cells before ON before.organisation = now.organisation
                AND before.procedure = now.procedure AND before.year + 1 = now.year
            GROUP BY now.organisation, now.year HAVING count(*) >= 2 AND count(before.year) >= 1"""
        )
        for name in ("municipality", "region"):
            self.db.execute(
                f"""CREATE OR REPLACE TEMP TABLE answer_{name} AS
                SELECT {name} AS place, procedure, year, sum(n) AS n, sum(failed) AS failed,
                    sum(score_sum) / sum(scored) AS mean
                FROM counted JOIN {self.registry} USING (organisation) GROUP BY ALL"""
            )

    def check(self):
        """Which of our answers differ, by DuckDB's own sets."""
        wrong = []
        for table, name in [("kept", "cells"), ("low", "low")]:
            ours = f"SELECT * FROM read_csv('{self.answers}/{name}.csv')"
            theirs = f"SELECT * FROM answer_{table}"
            for one, other in [(ours, theirs), (theirs, ours)]:
                extra = self.db.execute(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})").fetchone()[0]
                if extra:
                    wrong.append(f"{name}: {extra} rows differ")
        for table, name in [("municipality", "municipalities"), ("region", "regions")]:
            differ = self.db.execute(
                f"""SELECT count(*) FROM answer_{table} a
                FULL JOIN read_csv('{self.answers}/{name}.csv', nullstr='NaN') b
                USING (place, procedure, year) WHERE a.n IS DISTINCT FROM b.n OR a.failed IS DISTINCT FROM b.failed
                OR coalesce(abs(a.mean - b.mean) > 1e-9, a.mean IS DISTINCT FROM b.mean)"""
            ).fetchone()[0]
            if differ:
                wrong.append(f"{name}: {differ} rows differ")
        counts = {
            name: self.db.execute(f"SELECT count(*) FROM answer_{name}").fetchone()[0]
            for name in ("kept", "low", "municipality", "region")
        }
        return wrong, counts


class Polars:
    def __init__(self, arguments):
        import polars

        self.pl = polars
        self.rows = arguments.rows
        self.places = polars.read_csv(arguments.places).cast(polars.UInt32)
        self.answers = arguments.answers
        self.last = {}

    def counted(self, *more):
        pl = self.pl
        return (
            pl.scan_parquet(self.rows)
            .group_by("organisation", "procedure", "year")
            .agg(pl.len().alias("n"), pl.col("outcome").is_between(1, 2).sum().alias("failed"), *more)
        )

    def cells(self):
        self.last["cells"] = self.counted().filter(self.pl.col("n") >= 10).collect(engine="streaming")

    def full(self):
        pl = self.pl
        outcome, journal, score = pl.col("outcome"), pl.col("journal"), pl.col("score")
        both = outcome.is_between(2, 5) & (journal > 0)
        given = score != 65535
        self.last["full"] = self.counted(
            *[(outcome == code).sum().alias(f"o{code}") for code in range(7)],
            given.sum().alias("scored"),
            pl.when(given).then(score.cast(pl.UInt64)).otherwise(0).sum().alias("score_sum"),
            (both & (outcome < journal)).sum().alias("below"),
            (both & (outcome == journal)).sum().alias("same"),
            (both & (outcome > journal)).sum().alias("above"),
            pl.col("file_row").min().alias("row_first"),
            pl.col("file_row").max().alias("row_last"),
        ).collect(engine="streaming")

    def all(self):
        pl = self.pl
        score = pl.col("score")
        given = score != 65535
        counted = self.counted(
            (pl.col("outcome") != 0).sum().alias("judged"),
            given.sum().alias("scored"),
            pl.when(given).then(score.cast(pl.UInt64)).otherwise(0).sum().alias("score_sum"),
        ).collect(engine="streaming")
        self.last["cells"] = counted.filter(pl.col("n") >= 10)
        low = (
            self.last["cells"]
            .filter((pl.col("judged") > 0) & (10 * pl.col("failed") >= 3 * pl.col("judged")))
            .select("organisation", "procedure", pl.col("year").cast(pl.Int32))
        )
        before = low.with_columns(pl.col("year") + 1, again=True)
        self.last["low"] = (
            low.join(before, on=["organisation", "procedure", "year"], how="left")
            .group_by("organisation", "year")
            .agg(pl.len().alias("procedures"), pl.col("again").is_not_null().any())
            .filter((pl.col("procedures") >= 2) & pl.col("again"))
        )
        placed = counted.join(self.places, on="organisation")
        for name in ("municipality", "region"):
            self.last[name] = placed.group_by(pl.col(name).alias("place"), "procedure", "year").agg(
                pl.col("n").sum(), pl.col("failed").sum(), pl.col("score_sum").sum(), pl.col("scored").sum()
            )

    def check(self):
        pl = self.pl
        wrong = []
        for name, file, keys in [
            ("cells", "cells", ["organisation", "procedure", "year", "n", "failed"]),
            ("low", "low", ["organisation", "year"]),
            ("municipality", "municipalities", ["place", "procedure", "year", "n", "failed"]),
            ("region", "regions", ["place", "procedure", "year", "n", "failed"]),
        ]:
            ours = pl.read_csv(f"{self.answers}/{file}.csv").select(keys).cast(pl.Int64).sort(keys)
            theirs = self.last[name].select(keys).cast(pl.Int64).sort(keys)
            if not ours.equals(theirs):
                wrong.append(f"{file}: answers differ")
        return wrong, {name: self.last[name].height for name in ("cells", "low", "municipality", "region")}


ENGINES = {"duckdb": DuckDB, "polars": Polars}


def child(arguments):
    engine = ENGINES[arguments.engine](arguments)
    if arguments.check:
        engine.all()
        wrong, counts = engine.check()
        print(json.dumps({"wrong": wrong, "counts": counts}))
        return
    for _ in range(arguments.passes):
        line = {}
        for question in arguments.questions.split(","):
            line[question], line[f"{question}_cpu"] = measured(getattr(engine, question))
        print(json.dumps(line))


def run(command, environment):
    """Lines of JSON of a process, and the most memory it held, in megabytes."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    lines = [json.loads(line) for line in process.stdout]
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"a process failed: {' '.join(map(str, command))}")
    return lines, usage.ru_maxrss / 1024


def places(arguments, path):
    """A registry of numbers, from the registry of the simulator or by the numbers of organisations."""
    with open(path, "w", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(["organisation", "municipality", "region"])
        if not arguments.registry:
            writer.writerows([number, number // 17, number // 470] for number in range(100_000))
            return
        with open(arguments.registry, newline="", encoding="utf-8-sig") as source:
            head = source.readline()
            source.seek(0)
            rows = csv.DictReader(source, delimiter=";" if head.count(";") > head.count(",") else ",")
            numbers = [{}, {}]
            for organisation, row in enumerate(rows, start=1):
                region = row["Регион"]
                names = [(region, row["Муниципалитет"]), region]
                found = [seen.setdefault(name, len(seen)) for seen, name in zip(numbers, names)]
                writer.writerow([organisation, *found])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", required=True)
    parser.add_argument("--registry", default="")
    parser.add_argument("--ours")
    parser.add_argument("--work", default=".")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--engine", choices=ENGINES)
    parser.add_argument("--questions", default="cells,full,all")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    work = pathlib.Path(arguments.work)
    arguments.places = str(work / "places.csv")
    arguments.answers = str(work / "answers")
    if arguments.engine:
        child(arguments)
        return

    places(arguments, arguments.places)
    environment = dict(os.environ, POLARS_MAX_THREADS=str(arguments.threads))
    common = [sys.executable, __file__, "--rows", arguments.rows, "--work", arguments.work, "--threads", str(arguments.threads)]
    ours = [arguments.ours, arguments.rows, arguments.places]

    run([*ours, "1", str(arguments.threads), arguments.answers], environment)
    for engine in ENGINES:
        (answer,), _ = run([*common, "--engine", engine, "--check"], environment)
        if answer["wrong"]:
            sys.exit(f"{engine} disagrees: {answer['wrong']}")
        print(f"{engine}: the same answers, {answer['counts']}")

    figures = {"opora": [], **{engine: [] for engine in ENGINES}}
    memory = dict.fromkeys(figures, 0)
    # The engines take turns, so that noise of the machine hits all; of each process the second pass counts.
    for turn in range(arguments.passes):
        for engine in figures:
            if engine == "opora":
                lines, most = run([*ours, "2", str(arguments.threads)], environment)
            else:
                lines, _ = run([*common, "--engine", engine, "--passes", "2"], environment)
                # Memory of the plain question alone: the others need more.
                most = 0
                if turn == 0:
                    _, most = run([*common, "--engine", engine, "--passes", "1", "--questions", "cells"], environment)
            memory[engine] = max(memory[engine], most)
            figures[engine].append(lines[-1])
    report(figures, memory, arguments)


def report(figures, memory, arguments):
    median = lambda engine, name: statistics.median(line[name] for line in figures[engine])
    print(f"\n{arguments.rows}: {os.path.getsize(arguments.rows) / 2**20:.0f} MB, threads {arguments.threads}, "
          f"medians of {arguments.passes} passes, load of the machine {os.getloadavg()[0]:.1f}\n")
    print("| question | engine | wall, s | processor, s | times Opora (processor) | times Opora (wall), round by round |")
    print("|---|---|---|---|---|---|")
    for question in ("cells", "full", "all"):
        same = "cells" if question == "full" else question
        processor = median("opora", f"{same}_cpu")
        for engine in figures:
            name = same if engine == "opora" else question
            one, two = median(engine, name), median(engine, f"{name}_cpu")
            rounds = zip(figures[engine], figures["opora"])
            rounds = ", ".join(f"{their[name] / our[same]:.1f}" for their, our in rounds)
            print(f"| {question} | {engine} | {one:.3f} | {two:.2f} | {two / processor:.2f} | {rounds} |")
    print("\n| engine | most memory for cells, MB |\n|---|---|")
    for engine, most in memory.items():
        print(f"| {engine} | {most:.0f} |")


if __name__ == "__main__":
    main()
