// What comes out of the printer: nothing cut off, heads on every sheet, no navigation?
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { order, plan, site, visit } from './support.mjs';

const OUTPUT = join(dirname(fileURLToPath(import.meta.url)), 'output');

// A plan of several sheets: sixty activities more, spread over two years.
const LONG = (text) => {
  const row = (index) => {
    const month = String((index % 12) + 1).padStart(2, '0');
    const title = `Мероприятие ${index}: семинары, консультации, посещение уроков и совместный анализ итогов`;
    const year = index % 12 < 8 ? 2027 : 2026;
    return `5.${index}\t${title}\tдо 15.${month}.${year}\tРомашова О.И., методист\tСправка ${index}`;
  };
  const rows = Array.from({ length: 60 }, (_, index) => row(index + 1));
  return `${text.trimEnd()}\n5. Сопровождение\n${rows.join('\n')}\n`;
};

// What no sheet of paper needs.
const NAVIGATION = ['Загрузить', 'Поиск по всем планам', 'Главная', 'Лента времени\n', 'Показать все', 'Изменить'];

describe('on paper', () => {
  const opened = site();
  let page;
  let id;

  before(async () => {
    page = await opened.page();
    id = await plan(page, await order('Длинный план.txt', LONG));
  });

  // The sheets of a page as texts.
  const sheets = async (name, address, options = {}) => {
    await visit(page, address);
    const bytes = await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true, ...options });
    await mkdir(OUTPUT, { recursive: true });
    const file = join(OUTPUT, `print-${name}.pdf`);
    await writeFile(file, bytes);
    const text = execFileSync('pdftotext', ['-layout', '-enc', 'UTF-8', file, '-'], { encoding: 'utf8' });
    const found = text.replaceAll('\u00a0', ' ').split('\f').filter((sheet) => sheet.trim());
    for (const word of NAVIGATION) assert.ok(!text.includes(word), `${name}: «${word.trim()}» is on paper`);
    return found;
  };
  const numbers = (texts) => new Set(texts.join('\n').match(/\b5\.\d+\b/g));

  test('the plan: every activity, and the head of the table on every sheet', async () => {
    for (const [name, address] of [['plan', `/plans/${id}`], ['whole', `/plans/${id}/print`]]) {
      const found = await sheets(name, address);
      assert.ok(found.length > 2, name);
      assert.equal(numbers(found).size, 60, name);
      for (const [index, sheet] of found.entries()) {
        if (/5\.\d+/.test(sheet)) assert.match(sheet, /Ответственные/, `${name}, sheet ${index + 1}`);
      }
    }
  });

  // Nothing sticks out of a sheet laid across: what is wider than its text area would be cut off or shrunk.
  const widest = async (selector) => {
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 1046, height: 740 });
    const right = await page.locator(selector).evaluateAll((all) =>
      Math.max(...all.map((each) => each.getBoundingClientRect().right)),
    );
    await page.emulateMedia({ media: null });
    return right;
  };

  test('the time line: every activity, the scale on every sheet, nothing cut off', async () => {
    const found = await sheets('timeline', `/plans/${id}/timeline`);
    assert.equal(numbers(found).size, 60);
    assert.ok(found.length > 1);
    for (const [index, sheet] of found.entries()) {
      if (/5\.\d+/.test(sheet)) assert.match(sheet, /окт.*дек.*янв/s, `sheet ${index + 1} has the scale`);
    }
    // Chromium shrinks a page a little to fit; the picture needs no more than that.
    assert.ok((await widest('.gantt-axis svg')) < 1046 * 1.25);
  });

  test('a time line too wide for a sheet is printed as a table', async () => {
    const found = await sheets('months', `/plans/${id}/timeline?zoom=months`);
    assert.match(found[0], /Лентой печатается масштаб «Весь период»/);
    assert.equal(numbers(found).size, 60);
    for (const [index, sheet] of found.entries()) {
      if (/5\.\d+/.test(sheet)) assert.match(sheet, /Срок в документе/, `sheet ${index + 1} has the head`);
    }
  });

  test('the calendar: the month with the whole names of its days', async () => {
    const found = await sheets('calendar', `/plans/${id}/calendar?month=2027-03`);
    assert.match(found[0], /март 2027/i);
    assert.match(found[0], /Пн\s+Вт\s+Ср\s+Чт\s+Пт\s+Сб\s+Вс/);
    // In the grid there are the beginnings of the names, below it the whole.
    assert.match(found.join('\n').replace(/\s+/g, ' '), /5\.2 Мероприятие 2: семинары, консультации, посещение уроков и совместный анализ итогов/);
  });
});
