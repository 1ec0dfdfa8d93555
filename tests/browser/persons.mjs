// How do invented people get in, each with a role, and is what they see free of barriers?
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { opora, photograph, visit } from './support.mjs';

export const PASSWORD = 'зелёный чайник в поезде';

const HEAD = 'регион;муниципалитет;название;вид;логин';

// Two schools of one municipality.
const SCHOOLS = [
  'Озёрный край;Верхнеозёрск;Школа № 4;СОШ;edu000004',
  'Озёрный край;Верхнеозёрск;Школа № 9;СОШ;edu000009',
];

// Takes schools in, a line each.
export async function registry(opened, schools = SCHOOLS) {
  const file = join(opened.data, 'реестр.csv');
  await writeFile(file, [HEAD, ...schools, ''].join('\n'));
  opora(opened.data, 'org', 'import', file);
}

// The link that the command line prints for a new person.
export function invite(opened, login, name, role, place) {
  const said = opora(opened.data, 'user', 'add', login, '--name', name, '--role', role, '--place', place);
  return /http\S+/.exec(said)[0];
}

// The link leads to a page where a password is chosen; then the person logs in.
export async function enter(opened, link, login, options) {
  const page = await opened.page(options);
  await visit(page, new URL(link).pathname);
  await page.fill('#password', PASSWORD);
  await page.fill('#again', PASSWORD);
  await page.click('text=Сохранить пароль');
  await page.fill('#login', login);
  await page.fill('#password', PASSWORD);
  await page.click('button:has-text("Войти")');
  await page.waitForURL('**/');
  return page;
}

// A new person, invited and logged in: the page.
export function person(opened, login, name, role, place, options) {
  return enter(opened, invite(opened, login, name, role, place), login, options);
}

// No part of the page hangs over its edge.
export async function fits(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 1, `the page is ${over} px too wide`);
}

// A photograph, and nothing that axe finds a barrier.
export async function clean(page, name) {
  await photograph(page, name);
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target).join(' ')}`),
    [],
  );
}
