// What does every test need? A server of its own with fresh data, a browser, and pages that tell what went wrong.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, '..', '..');
const OUTPUT = join(HERE, 'output');

// The day on which every test happens: a Sunday in the middle of the invented plan.
export const TODAY = '2026-11-22';

// Desk, half of a desk (which is what 200 % of zoom leaves of 1280 px), telephone.
export const DESK = { width: 1280, height: 900 };
export const ZOOMED = { width: 640, height: 450 };
export const PHONE = { width: 390, height: 844 };

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function binary() {
  const target = resolve(ROOT, process.env.CARGO_TARGET_DIR || 'target');
  const path = resolve(ROOT, process.env.OPORA_BIN || join(target, 'debug', 'opora'));
  assert.ok(existsSync(path), `No program at ${path}: run "cargo build -p opora" or set OPORA_BIN`);
  return path;
}

function browserPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const folders = ['/usr/bin', ...(process.env.PATH || '').split(delimiter)];
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
  assert.ok(found, 'Chromium is missing: install it or set CHROMIUM to its path');
  return found;
}

// Starts the program on a free port; its `base` resolves when it has printed its address. `words` are more arguments;
// `under` is a shell line that the program is started under, such as a limit: `ulimit -f 100`.
export function serve(data, { words = [], under = '' } = {}) {
  return started('serve', data, words, under);
}

// The same with the invented example.
export function demo(data, words = []) {
  return started('demo', data, words, '');
}

function started(verb, data, words, under) {
  const environment = { ...process.env, OPORA_TODAY: TODAY };
  // A database or an address of the person who runs the tests must not be touched.
  delete environment.OPORA_DATABASE;
  delete environment.OPORA_ADDRESS;
  const line = [binary(), verb, '--address', '127.0.0.1:0', '--data', data, ...words];
  const [program, ...rest] = under ? ['bash', '-c', `${under}; exec "$@"`, 'bash', ...line] : line;
  const child = spawn(program, rest, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const server = { child, said: '', printed: '' };
  child.stderr.on('data', (text) => {
    server.said += text;
  });
  server.base = new Promise((found, failed) => {
    const timer = setTimeout(() => failed(new Error(`No address after 60 s. ${server.said}`)), 60_000);
    child.on('error', failed);
    child.on('exit', (code) => failed(new Error(`The server ended with ${code}. ${server.said}`)));
    child.stdout.on('data', (text) => {
      server.printed += text;
      const address = /http:\/\/[\d.]+:\d+/.exec(server.printed);
      if (!address) return;
      clearTimeout(timer);
      found(address[0]);
    });
  });
  return server;
}

// Runs a verb of the command line on the data of a site (of none where the words say all) and gives what it printed.
export function opora(data, ...words) {
  const environment = { ...process.env, OPORA_TODAY: TODAY };
  delete environment.OPORA_DATABASE;
  const place = words[0] === 'simulate' || !data ? [] : ['--data', data];
  return execFileSync(binary(), [...words, ...place], { env: environment, encoding: 'utf8' });
}

// A server and a browser for the suite (`describe`) that calls it; both end with the suite, whatever happens in it.
// `base`, `server`, `browser` and `page(options)` are there once the tests run. `prepare` is given the folder of the data
// before the program starts.
export function site(prepare) {
  const opened = {};
  before(() => open(opened, prepare));
  after(() => close(opened));
  return opened;
}

async function open(opened, prepare) {
  opened.data = await mkdtemp(join(tmpdir(), 'opora-browser-'));
  await prepare?.(opened.data);
  opened.server = serve(opened.data);
  // Should this process end before the hooks ran, the server must not outlive it.
  process.on('exit', () => opened.server.child.kill('SIGKILL'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  opened.base = await opened.server.base;
  opened.browser = await browse();
  opened.page = (options) => page(opened, options);
}

// A browser.
export function browse() {
  return chromium.launch({ executablePath: browserPath(), args: FLAGS });
}

// Ends a server at once, as a power cut would.
export async function kill(server) {
  const child = server?.child;
  if (child && child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }
}

async function close({ data, server, browser }) {
  await browser?.close();
  await kill(server);
  if (data) await rm(data, { recursive: true, force: true });
}

// A page in a context of its own, that is with cookies of its own. `page.trouble` collects what a person would not
// see: errors of scripts, violations of the content policy, requests to other hosts, answers of 5xx.
async function page({ base, browser }, options = {}) {
  const context = await browser.newContext({
    baseURL: base,
    viewport: DESK,
    locale: 'ru-RU',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const opened = await context.newPage();
  opened.trouble = [];
  watch(context, opened, base);
  return opened;
}

// A second tab beside `page`, with the same cookies.
export async function tab(page, base) {
  const opened = await page.context().newPage();
  opened.trouble = [];
  watchTab(opened);
  watchAnswers(opened, base);
  return opened;
}

function watch(context, opened, base) {
  context.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(`${base}/`) && !/^(data|blob|about):/.test(address)) {
      opened.trouble.push(`request to another host: ${address}`);
    }
  });
  watchTab(opened);
  watchAnswers(opened, base);
}

function watchTab(opened) {
  opened.on('pageerror', (error) => opened.trouble.push(`error of a script: ${error.message}`));
  opened.on('console', (message) => {
    if (message.type() !== 'error') return;
    // A page that is itself an answer of 4xx is reported by the browser too; tests say which status they expect.
    if (message.text().startsWith('Failed to load resource') && message.location().url === opened.refused) return;
    opened.trouble.push(`console: ${message.text()} (${message.location().url})`);
  });
}

function watchAnswers(opened, base) {
  opened.on('response', (response) => {
    const address = response.url();
    if (response.status() >= 500) opened.trouble.push(`${response.status()} from ${address}`);
    const isPage = response.request().isNavigationRequest() && address.startsWith(`${base}/`);
    if (isPage && response.status() >= 400) opened.refused = address;
  });
}

// Nothing went wrong out of sight since the page was opened.
export function quiet(page) {
  assert.deepEqual(page.trouble, []);
}

// Opens an address and expects this status.
export async function visit(page, address, status = 200) {
  const answer = await page.goto(address);
  assert.equal(answer.status(), status, address);
  return answer;
}

// A photograph of the whole page in tests/browser/output, for people to look at.
export async function photograph(page, name) {
  await mkdir(OUTPUT, { recursive: true });
  // The caret stays: hiding it would put style attributes on the fields, which the content policy forbids.
  await page.screenshot({ path: join(OUTPUT, `${name}.png`), fullPage: true, caret: 'initial' });
}

// The invented order of these tests as a file to be handed in.
export async function order(name = 'Приказ Верхнеозёрска.txt', change = (text) => text) {
  const text = await readFile(join(HERE, 'orders', 'order.txt'), 'utf8');
  return { name, mimeType: 'text/plain', buffer: Buffer.from(change(text)) };
}

// A demonstration order of the program in DOCX.
export async function docx() {
  const folder = join(ROOT, 'crates', 'app', 'demo');
  const name = (await readdir(folder)).sort().find((file) => file.endsWith('.docx'));
  assert.ok(name, `No DOCX in ${folder}`);
  return { name, mimeType: 'application/octet-stream', buffer: await readFile(join(folder, name)) };
}

// The words of an element; spaces that do not break a line are spaces to a reader.
export async function words(locator) {
  return (await locator.textContent()).replaceAll('\u00a0', ' ');
}

// Hands files in on the upload page and waits for the outcome of each. `handIn(page, [file, …])` → list items.
export async function handIn(page, files) {
  await visit(page, '/upload');
  await page.setInputFiles('#files', files);
  for (const file of files) {
    const outcome = outcomeOf(page, file.name);
    await outcome.and(page.locator(':not(.waiting)')).waitFor({ timeout: 60_000 });
  }
}

// The outcome of one file.
export function outcomeOf(page, name) {
  const named = page.locator('.outcome-name').getByText(name, { exact: true });
  return page.locator('#outcomes > li').filter({ has: named });
}

// Takes in the invented order; its plan's number.
export async function plan(page, file) {
  const handed = file ?? (await order());
  await handIn(page, [handed]);
  const link = outcomeOf(page, handed.name).locator('.outcome-plan > div > a').first();
  return Number(/\/plans\/(\d+)/.exec(await link.getAttribute('href'))[1]);
}

// The bytes that the browser saves when a link is followed.
export async function download(page, link) {
  const [saved] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const path = await saved.path();
  return { name: saved.suggestedFilename(), bytes: await readFile(path) };
}
