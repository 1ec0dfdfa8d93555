// What do the tests of faults share? A person who works alone, over plain HTTP, without a browser.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ORDER = join(dirname(fileURLToPath(import.meta.url)), '..', 'browser', 'orders', 'order.txt');

// A folder that is removed when the tests end.
export async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'opora-faults-'));
  process.on('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}

// The invented order with another number: another document.
export async function orderNumbered(number) {
  const text = await readFile(ORDER, 'utf8');
  return `${text}\nЭкземпляр № ${number}\n`;
}

// Hands an order in; the answer's status and text, or `undefined` when the server went away.
export async function handIn(base, number, more = '') {
  const body = new FormData();
  body.append('files', new Blob([(await orderNumbered(number)) + more]), `Приказ ${number}.txt`);
  return ask(`${base}/upload`, { method: 'POST', body, headers: { origin: base } });
}

// A request; `undefined` when there is nobody to answer.
export async function ask(address, options = {}) {
  try {
    const answer = await fetch(address, { redirect: 'manual', ...options });
    return { status: answer.status, text: await answer.text(), location: answer.headers.get('location') };
  } catch {
    return undefined;
  }
}

// A form of a page that stands open before somebody: what sends it, as a browser would, the hidden fields of the form
// that holds `mark` and `fields`. A page that does not open is its own answer.
export async function opened(base, path, mark, fields, to = path) {
  const page = await ask(base + path);
  if (page?.status !== 200) return () => page;
  const form = page.text.split('<form').find((own) => own.includes(mark));
  assert.ok(form, `no form with ${mark} on ${path}`);
  const hidden = [...form.split('</form>')[0].matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const body = new URLSearchParams([...hidden.map(([, name, value]) => [name, value]), ...Object.entries(fields)]);
  return () => ask(base + to, { method: 'POST', body, headers: { origin: base } });
}

// Opens a page and sends its form.
export async function fill(...form) {
  return (await opened(...form))();
}

// How many plans there are, and the numbers of the orders they came from, sorted.
export async function plans(base) {
  const numbers = [];
  for (let page = 1; ; page += 1) {
    const { text } = await ask(`${base}/plans?page=${page}`);
    const found = [...text.matchAll(/\/plans\/(\d+)"/g)].map(([, id]) => Number(id));
    const fresh = [...new Set(found)].filter((id) => !numbers.includes(id));
    if (fresh.length === 0) return numbers.sort((a, b) => a - b);
    numbers.push(...fresh);
  }
}
