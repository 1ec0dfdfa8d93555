// Does a board lead from its numbers to their rows and on to the plan, on a desk, on a phone and on paper?
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { clean, fits, registry } from './persons.mjs';
import { download, photograph, plan, quiet, site, visit, words } from './support.mjs';

const SCHOOLS = [
  'Озёрный край;Верхнеозёрск;Школа № 10;СОШ;edu000010',
  'Озёрный край;Верхнеозёрск;Школа № 2;СОШ;edu000002',
  'Озёрный край;Нижнеозёрск;Ёлкинская школа;СОШ;edu000003',
];

const PHONE = { viewport: { width: 390, height: 844 } };

describe('Boards', () => {
  const opened = site();

  it('lead from a number to its rows and to the plan', async () => {
    await registry(opened, SCHOOLS);
    const page = await opened.page();
    const number = await plan(page);
    await visit(page, `/plans/${number}/history`);
    await page.locator('details:has(form[action$="/owner"]) > summary').click();
    await page.fill('#school', 'Школа № 2');
    await page.fill('#owner-reason', 'план школы');
    await page.locator('form[action$="/owner"] button[type=submit]').click();

    // From the start page to the board of the whole installation, the region, the town and the school.
    await visit(page, '/');
    await page.getByRole('link', { name: 'Сводка', exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Все планы' }).waitFor();
    await clean(page, 'board-all');
    for (const name of ['Озёрный край', 'Верхнеозёрск', 'Школа № 2']) {
      await page.locator('.board-parts').getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
    }
    await clean(page, 'board-school');
    await page.getByRole('navigation', { name: 'Путь' }).getByRole('link', { name: 'Верхнеозёрск' }).click();
    await clean(page, 'board-town');

    // A number has as many rows, and a row leads to its line of the plan.
    const late = page.locator('.board-numbers .late strong a');
    const count = Number(await late.textContent());
    assert.ok(count > 0, 'something is late in the invented order');
    await late.click();
    await clean(page, 'board-rows');
    assert.equal(await page.locator('.board-rows tbody tr').count(), count);
    await page.locator('.board-rows tbody a').first().click();
    const anchor = new URL(page.url()).hash.slice(1);
    await page.locator(`[id="${anchor}"]`).waitFor();

    // Bars of the picture are links that a keyboard reaches; files are given.
    await page.goBack();
    const file = await download(page, page.getByRole('link', { name: 'CSV' }));
    assert.equal(file.bytes.toString('utf8').trim().split('\r\n').length, count + 1);
    await visit(page, '/boards');
    const bar = page.locator('.months a').first();
    await bar.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/boards/rows**');
    quiet(page);
  });

  it('fit on a phone', async () => {
    const page = await opened.page(PHONE);
    for (const [address, name] of [
      ['/boards', 'board-phone'],
      ['/boards/rows?state=late', 'board-rows-phone'],
      ['/boards/week', 'board-week-phone'],
    ]) {
      await visit(page, address);
      await fits(page);
      await clean(page, name);
    }
    quiet(page);
  });

  it('give a sheet of the week on one or two pages', async () => {
    const page = await opened.page();
    await visit(page, '/boards/week');
    await clean(page, 'board-week');
    assert.match(await words(page.locator('.week-sheet h1')), /^Лист недели: /);
    await page.emulateMedia({ media: 'print' });
    await photograph(page, 'board-week-print');
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g).length;
    assert.ok(pages <= 2, `${pages} pages`);
    await writeFile(new URL('./output/board-week.pdf', import.meta.url), pdf);
    await page.emulateMedia({ media: 'screen' });
    const saved = await download(page, page.locator('a[href*="week.docx"]'));
    assert.match(saved.name, /^Лист недели .*\.docx$/);
    quiet(page);
  });
});
