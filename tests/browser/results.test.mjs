// Does the second half of the main job hold: from files of results to a final list of schools?
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { overflow, violations } from './looks.mjs';
import { DESK, PHONE, ZOOMED, download, opora, photograph, quiet, site, visit } from './support.mjs';

const PACK = 'pack=omsk-2025&year=2026';

// An invented region of fifty schools with four years of results, written by the program itself.
function country(data) {
  const folder = join(data, 'country');
  opora(data, 'simulate', folder, '--preset', 'demo', '--forms', '1');
  const files = (name) => readdirSync(join(folder, name)).map((file) => join(folder, name, file));
  const passports = readdirSync(folder).filter((name) => name.startsWith('social-passport'));
  return { folder, rows: files('rows'), passports: passports.map((name) => join(folder, name)) };
}

describe('from results to a final list', () => {
  const opened = site();
  let made;

  before(async () => {
    made = country(opened.data);
    const page = await opened.page();
    await visit(page, '/schools');
    await page.getByText('Данных о школах пока нет').waitFor();
    await visit(page, '/data');
    await page.locator('#files-registry').setInputFiles(join(made.folder, 'registry.csv'));
    await page.locator('form[action="/data/registry"] button').click();
    await page.getByText('Новых школ: 50').waitFor();
    await page.locator('#files-results').setInputFiles([...made.rows, ...made.passports]);
    await page.locator('form[action="/data/results"] button').click();
    // The page tells how far it is until everything is there.
    await page.getByText('Файлов с результатами: 8').waitFor({ timeout: 60_000 });
    quiet(page);
    await page.context().close();
  });

  test('the same file again changes nothing, and a broken one says what is wrong', async () => {
    const page = await opened.page();
    await visit(page, '/data');
    await page.locator('#files-results').setInputFiles(made.rows.slice(0, 1));
    await page.locator('form[action="/data/results"] button').click();
    await page.getByText('Уже загружен, ничего не изменено').waitFor();
    const broken = { name: 'обрывок.parquet', mimeType: 'application/octet-stream', buffer: Buffer.from('PAR1…') };
    await page.locator('#files-results').setInputFiles(broken);
    await page.locator('form[action="/data/results"] button').click();
    await page.getByRole('alert').getByText('Файл Parquet не читается').waitFor();
    await page.getByText('Файлов с результатами: 8').waitFor();
    await page.context().close();
  });

  test('a table nobody knows is described, tried and loaded', async () => {
    const page = await opened.page();
    const registry = readFileSync(join(made.folder, 'registry.csv'), 'utf8');
    const logins = [...new Set(registry.match(/edu\d+/g))].slice(0, 6);
    const lines = logins.flatMap((login) => ['РУССК-5', 'МАТЕМ-5'].map((subject) => `${login};${subject};12;3;4;3;2;2019`));
    const table = ['Шк;Дисц;Всего уч;Дв;Тр;Чет;Пят;Год уч', ...lines].join('\n');
    await visit(page, '/data');
    await page.locator('#files-results').setInputFiles({ name: 'сводка-2019.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
    await page.locator('form[action="/data/results"] button').click();
    await page.getByRole('link', { name: 'Описать столбцы файла' }).first().click();
    await page.getByRole('heading', { name: 'Описание столбцов' }).waitFor();
    await photograph(page, 'describe-proposed');
    assert.deepEqual(await violations(page), []);
    const columns = { Шк: 'login', Дисц: 'subject', 'Всего уч': 'participants', Дв: 'twos', Тр: 'threes', Чет: 'fours', Пят: 'fives', 'Год уч': 'year' };
    for (const [head, value] of Object.entries(columns)) await page.getByLabel(head, { exact: true }).selectOption(value);
    await page.getByLabel('Вид процедуры').selectOption('vpr');
    await page.getByLabel('Класс', { exact: true }).fill('5');
    await page.getByRole('button', { name: 'Показать, как прочтётся' }).click();
    await page.getByText(/Замечаний: \d+/).waitFor();
    await photograph(page, 'describe-tried');
    await page.getByLabel('«РУССК-5»').selectOption('ru');
    await page.getByRole('button', { name: 'Показать, как прочтётся' }).click();
    await page.getByText('участников 12').first().waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByLabel('Название описания').fill('Сводка района');
    await page.getByRole('button', { name: 'Сохранить описание и загрузить файл' }).click();
    await page.getByText('Загружен: таблица по описанию столбцов. Школ: 6').waitFor();
    await page.getByText('Файлов с результатами: 9').waitFor();
    await page.locator('form[action="/data/results"] select').selectOption({ label: 'Сводка района' });
    await photograph(page, 'describe-kept');
    quiet(page);
    await page.context().close();
  });

  test('a picture leaves as a drawing and as a table', async () => {
    const page = await opened.page();
    await visit(page, `/schools/11?${PACK}`);
    const figure = page.locator('figure.chart').first();
    await figure.getByText('Таблицей и файлом').click();
    for (const [name, start] of [['SVG', '<?xml'], ['CSV', '\ufeff'], ['JSON', '{']]) {
      const { bytes } = await download(page, figure.getByRole('link', { name }));
      assert.ok(bytes.toString('utf8').startsWith(start), `${name}: ${bytes.subarray(0, 40)}`);
    }
    await page.context().close();
  });

  test('a what-if is kept beside the lists and decides nothing', async () => {
    const page = await opened.page();
    await visit(page, `/schools?${PACK}&number=low_share&value=25%25`);
    await page.getByRole('button', { name: 'Сохранить этот расчёт «что если»' }).click();
    await page.getByRole('heading', { name: /Расчёт «что если»/ }).waitFor();
    await page.getByText('решения по этому расчёту не принимаются').waitFor();
    assert.equal(await page.locator('form').filter({ hasText: 'Записать' }).count(), 0);
    await photograph(page, 'what-if-kept');
    await page.context().close();
  });

  test('schools stand by the alphabet, whatever their results', async () => {
    const page = await opened.page();
    await visit(page, `/schools?${PACK}`);
    const rows = await page.locator('.school-list tbody tr').evaluateAll((rows) =>
      rows.map((row) => [row.cells[1].textContent, row.cells[0].textContent]));
    const names = new Intl.Collator('ru', { numeric: true, ignorePunctuation: true });
    const sorted = [...rows].sort((a, b) => names.compare(a[0], b[0]) || names.compare(a[1], b[1]));
    assert.deepEqual(rows, sorted);
    assert.equal(rows.length, 48);
    await page.context().close();
  });

  test('a verdict leads to the clause, the file and its rows', async () => {
    const page = await opened.page();
    await visit(page, `/schools?${PACK}&category=${await lowCategory(page)}`);
    await page.locator('.school-list tbody a').first().click();
    await page.getByRole('heading', { name: 'Вывод' }).waitFor();
    const evidence = await page.locator('.evidence li').first().textContent();
    assert.match(evidence, /не справились \d+ из \d+/);
    assert.match(evidence, /Файл «01-202\d\.parquet», строк[аи] \d+/);
    await page.getByRole('heading', { name: 'Насколько это надёжно' }).waitFor();
    await page.context().close();
  });

  test('moving a threshold tells who would enter, and moves nothing', async () => {
    const page = await opened.page();
    await visit(page, `/schools?${PACK}`);
    await page.getByText('Что если изменить порог?').click();
    await page.getByLabel('Число методики').selectOption('low_share');
    await page.getByLabel('Новое значение').fill('25 %');
    await page.getByRole('button', { name: 'Посчитать' }).click();
    await page.getByText(/Вошли бы: [1-9]/).first().waitFor();
    await visit(page, `/schools?${PACK}&number=low_share&value=много`, 400);
    await page.context().close();
  });

  test('a list goes from preliminary over a reply and a decision to final', async () => {
    const page = await opened.page();
    await visit(page, `/schools?${PACK}`);
    await page.getByRole('button', { name: 'Закрепить как предварительный список' }).click();
    await page.getByRole('heading', { name: /Предварительный список/ }).waitFor();
    const school = page.locator('.listed-school').first();
    const step = async (word, text) => {
      const open = await school.evaluate((each) => each.open);
      if (!open) await school.locator('summary').click();
      await school.getByLabel('Что записать').selectOption(word);
      await school.getByLabel('Текст ответа или причина решения').fill(text);
      await school.getByRole('button', { name: 'Записать' }).click();
    };
    await step('reply', 'В классе было три ученика, двое болели');
    await school.getByText('нужно решение').waitFor();
    await page.getByText('Список станет итоговым, когда').waitFor();
    await step('exclude', 'Довод принят: участников слишком мало');
    await school.getByText('исключена из списка').waitFor();
    await page.getByLabel('Основание итогового списка').fill('Приказ от 20.11.2026 № 7');
    await page.getByRole('button', { name: 'Сделать список итоговым' }).click();
    await page.getByRole('heading', { name: /Итоговый список/ }).waitFor();
    quiet(page);
    await page.context().close();
  });

  const pages = {
    schools: `/schools?${PACK}`,
    'what-if': `/schools?${PACK}&number=low_share&value=25%25`,
    region: `/schools?${PACK}&node=1`,
    school: `/schools/11?${PACK}`,
    markers: `/schools/11?${PACK}&markers=1`,
    methods: '/methods',
    method: '/methods/omsk-2025',
    data: '/data',
    runs: '/runs',
    run: '/runs/1',
    'compare-runs': '/runs/compare?before=1&after=1',
  };
  const walks = { desk: DESK, zoomed: ZOOMED, phone: PHONE };

  for (const [width, viewport] of Object.entries(walks)) {
    test(`everyone can use these pages: ${width}`, async (context) => {
      for (const [name, address] of Object.entries(pages)) {
        for (const colorScheme of ['light', 'dark']) {
          await context.test(`${name}, ${colorScheme}`, async () => {
            const page = await opened.page({ viewport, colorScheme });
            await visit(page, address);
            await photograph(page, `${name}-${width}-${colorScheme}`);
            assert.deepEqual(await violations(page), []);
            assert.deepEqual(await overflow(page), { over: 0, culprits: [] });
            quiet(page);
            await page.context().close();
          });
        }
      }
    });
  }
});

// The category of the list that puts a school on it.
async function lowCategory(page) {
  await visit(page, `/schools?${PACK}`);
  const address = await page.locator('.category-count.listed a').first().getAttribute('href');
  return new URL(address, 'http://x').searchParams.get('category');
}
