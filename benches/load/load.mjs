// How fast do the pages of a region answer while many people work at once?
//
//   node benches/load/load.mjs [--schools 1000] [--years 1] [--users 50] [--seconds 60] [--pause 1000] [--writes 0.1] [--warm-up 40]
//                              [--data FOLDER] [--database postgres://…] [--program PATH]
//
// Makes a region in which every school is in the programme (once for a folder), serves it, lets as many people as told
// log in and open their pages one after another, each waiting `--pause` milliseconds on average between two pages, and
// prints for each kind of page how long the answer took: from the request to its last byte, in milliseconds. After
// every tenth page (`--writes`) that person also says something about a deadline of a plan: what is kept in memory is
// made anew all the time, as it is when people work. What is asked in the first `--warm-up` seconds does not count: a
// server runs for months, and each plan is read and checked when it is opened for the first time.
// `--pause 0` shows how many pages a second are the most. Every request goes to this machine.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values: told } = parseArgs({
  options: {
    schools: { type: 'string', default: '1000' },
    years: { type: 'string', default: '1' },
    users: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '60' },
    pause: { type: 'string', default: '1000' },
    writes: { type: 'string', default: '0.1' },
    'warm-up': { type: 'string', default: '40' },
    data: { type: 'string', default: 'target/load-data' },
    database: { type: 'string' },
    program: { type: 'string' },
  },
});
const target = resolve(process.env.CARGO_TARGET_DIR || 'target');
const program = resolve(told.program || join(target, 'release', 'opora'));
const users = Number(told.users);
const pause = Number(told.pause);
const writes = Number(told.writes);
if (!existsSync(program)) throw new Error(`No program at ${program}: cargo build --release -p opora`);
mkdirSync(told.data, { recursive: true });
const place = ['--data', told.data, ...(told.database ? ['--database', told.database] : [])];

// Passwords are new at every start and are printed nowhere else.
function prepared() {
  const words = ['demo', '--prepare', '--schools', told.schools, '--years', told.years, ...place];
  const began = performance.now();
  const made = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 64 << 20 });
  if (made.status !== 0) throw new Error(made.stderr);
  console.log(`Region of ${told.schools} schools ready in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return [...made.stdout.matchAll(/^ {2}(\S+)\s+(\S+)\s/gm)].map(([, login, password]) => ({ login, password }));
}

async function served() {
  const child = spawn(program, ['serve', '--address', '127.0.0.1:0', ...place], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.on('exit', () => child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  while (!/http:\/\/[\d.]+:\d+/.test(said)) await sleep(20);
  return { child, base: new URL(/http:\/\/[\d.]+:\d+/.exec(said)[0]) };
}

const agent = new http.Agent({ keepAlive: true, maxSockets: users });

const BOUNDARY = 'part-of-a-form';

function inParts(fields) {
  const part = ([name, text]) => `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
  return `${Object.entries(fields).map(part).join('')}--${BOUNDARY}--\r\n`;
}

// One request; resolves with status, milliseconds, headers and text.
function ask(base, path, { method = 'GET', cookie = '', form, parts } = {}) {
  const body = form ? new URLSearchParams(form).toString() : parts && inParts(parts);
  const headers = { cookie, accept: 'text/html', origin: base.origin };
  const type = form ? 'application/x-www-form-urlencoded' : `multipart/form-data; boundary=${BOUNDARY}`;
  if (body) Object.assign(headers, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  return new Promise((answered, failed) => {
    const began = performance.now();
    const request = http.request(new URL(path, base), { method, headers, agent }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () =>
        answered({
          status: answer.statusCode,
          took: performance.now() - began,
          headers: answer.headers,
          text: Buffer.concat(parts).toString(),
        }),
      );
    });
    request.on('error', failed);
    request.end(body);
  });
}

async function entered(base, { login, password }) {
  const answer = await ask(base, '/login', { method: 'POST', form: { login, password, back: '/' } });
  const cookie = (answer.headers['set-cookie'] || []).map((line) => line.split(';')[0]).join('; ');
  if (answer.status !== 303) throw new Error(`${login} does not get in: ${answer.status}`);
  return cookie;
}

// The pages a person opens in a day, by what is linked from where she is.
async function way(base, login, cookie) {
  const { text } = await ask(base, '/plans', { cookie });
  const plans = [...new Set([...text.matchAll(/\/plans\/(\d+)/g)].map(([, id]) => id))];
  const plan = plans[Math.floor(Math.random() * plans.length)];
  const pages = ['/', '/work', '/work', '/work', '/plans', '/calendar', '/search?q=консультации'];
  if (text.includes('href="/diagnosis"')) pages.push('/diagnosis');
  if (plan) {
    const own = ['', '/work', '/work', '/approval', '/timeline', '/calendar', '/findings', '/history'];
    pages.push(...own.map((page) => `/plans/${plan}${page}`));
  }
  return [...pages, ...(process.env.LOAD_PAGES?.split(' ') ?? [])];
}

function kind(path) {
  return path.replace(/\d+/g, 'N').replace(/\?.*/, '');
}

let countedFrom = 0;
const taken = new Map();
const failures = new Map();

function count(name, answer) {
  if (performance.now() < countedFrom) return;
  if (answer.status >= 400) failures.set(`${answer.status} ${name}`, (failures.get(`${answer.status} ${name}`) ?? 0) + 1);
  if (!taken.has(name)) taken.set(name, []);
  taken.get(name).push(answer.took);
}

// Says something about one of the deadlines of one's plan, as the form of its page does.
async function comment(base, pages, cookie) {
  const path = pages.find((page) => /^\/plans\/\d+\/work$/.test(page));
  if (!path) return;
  const { text } = await ask(base, path, { cookie });
  const forms = [...text.matchAll(/name="occurrence" value="([^"]+)"[^]*?name="known" value="(\d+)"[^]*?value="(comment\/[^"]+)"/g)];
  if (forms.length === 0) return;
  const [, occurrence, known, deed] = forms[Math.floor(Math.random() * forms.length)];
  const answer = await ask(base, path, { method: 'POST', cookie, parts: { occurrence, known, deed, text: 'Посмотрела, вопросов нет' } });
  // Somebody else may have been first: that is told with 409 and no failure.
  count('POST comment', answer.status === 409 ? { ...answer, status: 303 } : answer);
}

async function live(base, person, until) {
  const cookie = await entered(base, person);
  const pages = await way(base, person.login, cookie);
  while (performance.now() < until) {
    const path = pages[Math.floor(Math.random() * pages.length)];
    count(kind(path), await ask(base, encodeURI(path), { cookie }));
    if (Math.random() < writes) await comment(base, pages, cookie);
    if (pause > 0) await sleep(Math.random() * 2 * pause);
  }
}

function quantile(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

const people = prepared();
const { child, base } = await served();
// The first look reads all plans: it is paid once after a start.
const [first] = people;
const cookie = await entered(base, first);
const cold = await ask(base, '/work', { cookie });
console.log(`First look at all plans after the start: ${cold.took.toFixed(0)} ms`);
const crowd = Array.from({ length: users }, (_, at) => people[at % people.length]);
countedFrom = performance.now() + Number(told['warm-up']) * 1000;
await Promise.all(crowd.map((person) => live(base, person, countedFrom + Number(told.seconds) * 1000)));
const seconds = (performance.now() - countedFrom) / 1000;
const rows = [...taken.entries()].sort().map(([name, times]) => {
  times.sort((a, b) => a - b);
  const ms = (part) => Number(quantile(times, part).toFixed(1));
  return { page: name, requests: times.length, p50: ms(0.5), p95: ms(0.95), p99: ms(0.99), max: ms(1) };
});
const all = [...taken.values()].flat().sort((a, b) => a - b);
console.table(rows);
const memory = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
console.log(`${users} people, ${all.length} pages in ${seconds.toFixed(0)} s (${(all.length / seconds).toFixed(0)} a second), p95 ${quantile(all, 0.95).toFixed(1)} ms; most memory of the server ${memory ? Math.round(memory[1] / 1024) : '?'} MB`);
for (const [what, count] of failures) console.log(`FAILED ${count} × ${what}`);
child.kill('SIGTERM');
agent.destroy();
process.exit(failures.size > 0 ? 1 : 0);
