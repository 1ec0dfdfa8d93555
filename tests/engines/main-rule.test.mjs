// Does the main rule, written in SQL and run by DuckDB over the stored rows, point at the same schools?
//
// `opora` simulates a small country, takes its results in and judges it; DuckDB reads the same Parquet file and knows
// nothing of methodologies. Needs the program (`cargo build -p opora`, or OPORA_BIN) and `npm ci` in this folder.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const SCHOOLS = 240;
// The first simulated year has no year before.
const YEARS = [2025, 2026];
const CRITERIA = ['A', 'B', 'A_and_B', 'A_or_B', 'linked'];

// A procedure is low where at least 30 % of those with an outcome did not pass: code 1 is below the minimum, 2 is «2»,
// 0 is no outcome. A: two low procedures in the year. B: the same procedure was low the year before, too.
const rule = (rows, percent) => `
  WITH cell AS (
    SELECT organisation, year, procedure,
           count(*) FILTER (outcome <> 0) AS judged, count(*) FILTER (outcome IN (1, 2)) AS failed
    FROM read_parquet('${rows}') GROUP BY ALL
  ), low AS (
    SELECT organisation, year, procedure FROM cell WHERE judged > 0 AND failed * 100 >= judged * ${percent}
  ), school AS (
    SELECT DISTINCT organisation, year FROM cell
  )
  SELECT organisation::INTEGER AS organisation, year::INTEGER AS year,
         (SELECT count(*) FROM low WHERE low.organisation = school.organisation AND low.year = school.year) >= 2 AS a,
         EXISTS (
           SELECT 1 FROM low AS now JOIN low AS past USING (organisation, procedure)
           WHERE now.organisation = school.organisation AND now.year = school.year AND past.year = now.year - 1
         ) AS b
  FROM school`;

function binary() {
  const target = resolve(ROOT, process.env.CARGO_TARGET_DIR || 'target');
  const path = resolve(ROOT, process.env.OPORA_BIN || join(target, 'debug', 'opora'));
  assert.ok(existsSync(path), `No program at ${path}: run "cargo build -p opora" or set OPORA_BIN`);
  return path;
}

let folder;
let opora;
let connection;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opora-engines-'));
  const environment = { ...process.env };
  // A database of the person who runs the tests must not be touched.
  for (const name of ['OPORA_DATABASE', 'OPORA_DATA', 'OPORA_RESULTS', 'OPORA_PACKS']) delete environment[name];
  const settings = { cwd: folder, env: environment, encoding: 'utf8', maxBuffer: 1 << 28 };
  opora = (...words) => execFileSync(binary(), words, { ...settings, stdio: ['ignore', 'pipe', 'inherit'] });
  const size = ['--schools', String(SCHOOLS), '--years', '3', '--last-year', '2026', '--seed', '7'];
  opora('simulate', ...size, '--files', 'one', 'country');
  opora('org', 'import', 'country/registry.csv', '--data', 'data');
  opora('results', 'add', 'country/rows.parquet', '--data', 'data');
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});

after(async () => {
  connection?.closeSync();
  if (folder) await rm(folder, { recursive: true, force: true });
});

function told(year) {
  const data = ['--year', String(year), '--data', 'data'];
  const run = JSON.parse(opora('identify', '--pack', 'omsk-2025', '--format', 'json', ...data));
  return new Map(run.schools.map((school) => [school.organisation, school]));
}

async function byEngine(rows, percent, year) {
  const answer = await connection.runAndReadAll(`SELECT * FROM (${rule(rows, percent)}) WHERE year = ${year}`);
  return answer.getRowObjects().map(({ organisation, a, b }) => {
    return { organisation, A: a, B: b, A_and_B: a && b, A_or_B: a || b, linked: a && b };
  });
}

// Schools and criteria where the two do not say the same, in words.
function differences(schools, answers) {
  const found = [];
  for (const answer of answers) {
    const school = schools.get(answer.organisation);
    if (!school) {
      found.push(`${answer.organisation}: no verdict`);
      continue;
    }
    for (const criterion of CRITERIA) {
      if ((school.criteria[criterion] === 'yes') !== answer[criterion]) {
        found.push(`${school.name}: ${criterion} is ${school.criteria[criterion]}, by SQL ${answer[criterion]}`);
      }
    }
    if ((school.category === 'shnor') !== answer.linked) found.push(`${school.name}: ${school.category}`);
  }
  const judged = new Set(answers.map((answer) => answer.organisation));
  for (const [organisation, school] of schools) {
    const yes = CRITERIA.some((criterion) => school.criteria[criterion] === 'yes');
    if (!judged.has(organisation) && yes) found.push(`${school.name}: a verdict without a row`);
  }
  return found;
}

for (const year of YEARS) {
  test(`SQL and the methodology point at the same schools in ${year}`, async () => {
    const [schools, answers] = [told(year), await byEngine(join(folder, 'country', 'rows.parquet'), 30, year)];
    const low = answers.filter((answer) => answer.linked).length;
    assert.ok(low > 0 && low < answers.length / 2, `${low} of ${answers.length} say nothing about the rule`);
    assert.deepEqual(differences(schools, answers), []);
  });
}

test('another threshold, and a result that is changed, are seen', async () => {
  const year = YEARS.at(-1);
  const schools = told(year);
  const rows = join(folder, 'country', 'rows.parquet');
  assert.notDeepEqual(differences(schools, await byEngine(rows, 31, year)), [], '31 % in place of 30 %');
  const changed = join(folder, 'changed.parquet');
  const passed = [...schools.values()].find((school) => school.category === 'not_identified').organisation;
  const outcome = `CASE WHEN organisation = ${passed} AND outcome = 3 THEN 2 ELSE outcome END AS outcome`;
  const query = `SELECT * REPLACE (${outcome}) FROM read_parquet('${rows}')`;
  await connection.run(`COPY (${query}) TO '${changed}' (FORMAT parquet)`);
  const found = differences(schools, await byEngine(changed, 30, year));
  const name = schools.get(passed).name;
  assert.ok(found.length > 0 && found.every((line) => line.startsWith(name)), found.join('\n'));
});
