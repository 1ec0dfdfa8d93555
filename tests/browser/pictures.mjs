// Makes the pictures of the documents anew, from the invented example: `node pictures.mjs [name…]`. They are of the day
// that the tests live in.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browse, demo, kill } from './support.mjs';

const IMAGES = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'images');

// Name, words that find the plan (the calendar is of all), address below it, height of the window.
const MUNICIPAL = '131 муниципальная';
const PICTURES = [
  ['plan', MUNICIPAL, '', 900],
  ['timeline', MUNICIPAL, '/timeline', 900],
  ['calendar', '', '/calendar', 1000],
  ['findings', '163 методической', '/findings', 960],
  ['review', MUNICIPAL, '/review', 1000],
];

const wanted = new Set(process.argv.slice(2));
const data = await mkdtemp(join(tmpdir(), 'opora-pictures-'));
const server = demo(data, ['--alone']);
let browser;
try {
  const base = await server.base;
  browser = await browse();
  for (const [name, words, below, height] of PICTURES.filter(([name]) => !wanted.size || wanted.has(name))) {
    const context = await browser.newContext({ baseURL: base, viewport: { width: 1280, height }, locale: 'ru-RU', reducedMotion: 'reduce' });
    const page = await context.newPage();
    const answer = await page.goto(`${await found(page, words)}${below}`);
    if (answer.status() !== 200) throw new Error(`${answer.status()} from ${page.url()}`);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(IMAGES, `${name}.png`), caret: 'initial' });
    await context.close();
  }
} finally {
  await browser?.close();
  await kill(server);
  await rm(data, { recursive: true, force: true });
}

// The address of a plan; nothing where no words are given.
async function found(page, words) {
  if (!words) return '';
  await page.goto(`/plans?q=${encodeURIComponent(words)}`);
  return page.locator('.plan-link').first().getAttribute('href');
}
