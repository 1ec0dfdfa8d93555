// Makes the pictures of the documents anew, from the invented examples: `node pictures.mjs [name…]`. They are of the day
// that the tests live in.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browse, demo, kill } from './support.mjs';

const IMAGES = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'images');

// Name, words that find the plan (the calendar is of all), address below it, height of the window.
const MUNICIPAL = '131 муниципальная';
const PLANS = [
  ['plan', MUNICIPAL, '', 900],
  ['timeline', MUNICIPAL, '/timeline', 900],
  ['calendar', '', '/calendar', 1000],
  ['findings', '163 методической', '/findings', 960],
  ['review', MUNICIPAL, '/review', 1000],
];

// Name, who looks, at what: an address, or the words of a link on the page «Моя работа» and the part to be seen.
const TOUR = [
  ['tour-board', 'koordinator', '/boards'],
  ['tour-work', 'direktor-1', '/work'],
  ['tour-approval', 'kurator-6', { link: 'Дорожная карта' }],
  ['tour-visits', 'kurator-6', '/visits'],
];

const wanted = new Set(process.argv.slice(2));
const chosen = (pictures) => pictures.filter(([name]) => !wanted.size || wanted.has(name));
const browser = await browse();
try {
  await of(chosen(PLANS), ['--alone'], ofPlan);
  await of(chosen(TOUR), [], ofTour);
} finally {
  await browser.close();
}

// Starts the example and takes its pictures, each in a context of its own.
async function of(pictures, words, take) {
  if (!pictures.length) return;
  const data = await mkdtemp(join(tmpdir(), 'opora-pictures-'));
  const server = demo(data, words);
  try {
    const baseURL = await server.base;
    for (const picture of pictures) {
      const height = take === ofPlan ? picture[3] : 900;
      const viewport = { width: 1280, height };
      const context = await browser.newContext({ baseURL, viewport, locale: 'ru-RU', reducedMotion: 'reduce' });
      const page = await context.newPage();
      await take(page, picture, server.printed);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(IMAGES, `${picture[0]}.png`), caret: 'initial' });
      await context.close();
    }
  } finally {
    await kill(server);
    await rm(data, { recursive: true, force: true });
  }
}

async function ofPlan(page, [, words, below]) {
  await open(page, `${await found(page, words)}${below}`);
}

async function ofTour(page, [, login, what], printed) {
  const password = new RegExp(`${login}\\s+(\\S+)`).exec(printed)[1];
  await open(page, '/login');
  await page.fill('#login', login);
  await page.fill('#password', password);
  await page.click('button:has-text("Войти")');
  await page.waitForURL('**/');
  await open(page, typeof what === 'string' ? what : '/work');
  if (typeof what === 'string') return;
  await page.locator('.work-items a', { hasText: what.link }).first().click();
  await page.waitForLoadState();
}

async function open(page, address) {
  const answer = await page.goto(address);
  if (answer.status() !== 200) throw new Error(`${answer.status()} from ${page.url()}`);
}

// The address of a plan; nothing where no words are given.
async function found(page, words) {
  if (!words) return '';
  await page.goto(`/plans?q=${encodeURIComponent(words)}`);
  return page.locator('.plan-link').first().getAttribute('href');
}
