// Does the whole path work: files in, review, plan, calendar, timeline, findings, files out, search?
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
  docx, download, handIn, order, outcomeOf, photograph, quiet, site, visit, words,
} from './support.mjs';

const ORDER = 'Приказ Верхнеозёрска.txt';
const BROKEN = { name: 'Обрывок.docx', mimeType: 'application/octet-stream', buffer: Buffer.from('PK\u0003\u0004…') };

describe('from an order to a living plan', () => {
  const opened = site();
  let page;
  // Number of the plan read from the order.
  let plan;

  before(async () => {
    page = await opened.page();
  });

  // The row of the plan's table that begins with a number: `row('1.2')`.
  const row = (number) =>
    page.locator('.plan-table tr').filter({ has: page.locator('td.col-number').getByText(number, { exact: true }) });
  const numbers = () => page.locator('.plan-table td.col-number').allTextContents();

  test('the first visit leads to the upload', async () => {
    await visit(page, '/');
    await page.getByRole('heading', { level: 1, name: 'Из приказа — в работающий план' }).waitFor();
    await photograph(page, '01-first-visit');
  });

  test('several files at once: each has an outcome of its own', async () => {
    const road = await docx();
    await handIn(page, [await order(), BROKEN, road]);
    assert.match(await outcomeOf(page, ORDER).textContent(), /Прочитан/);
    assert.match(await words(outcomeOf(page, ORDER)), /12 мероприятий/);
    assert.match(await outcomeOf(page, road.name).textContent(), /Прочитан/);
    const refused = await outcomeOf(page, BROKEN.name).textContent();
    assert.match(refused, /Не принят/);
    assert.match(refused, /поврежд/);
    assert.equal(await page.locator('#outcomes > li').count(), 3);
    await photograph(page, '02-upload');
  });

  test('the same file again makes no second plan', async () => {
    await handIn(page, [await order()]);
    assert.match(await outcomeOf(page, ORDER).textContent(), /Уже загружен/);
    await outcomeOf(page, ORDER).getByRole('link', { name: 'Открыть план' }).click();
    await page.waitForURL(/\/plans\/\d+$/);
    plan = Number(page.url().split('/').pop());
  });

  test('review: the source stands beside the form, chips follow the typing', async () => {
    await visit(page, `/plans/${plan}/review`);
    await page.getByRole('link', { name: 'Изменить 2.3' }).click();
    const deadline = page.getByLabel('Срок', { exact: true });
    assert.equal(await deadline.inputValue(), 'до 20.12.2026');
    await deadline.focus();
    const cell = page.locator('#source-body .shown');
    assert.equal(await cell.textContent(), 'до 20.12.2026');
    const [pane, shown] = [await page.locator('#source-body').boundingBox(), await cell.boundingBox()];
    assert.ok(shown.y >= pane.y && shown.y + shown.height <= pane.y + pane.height, 'the cell is in sight');

    const chips = page.locator('#schedule-chips');
    assert.match(await chips.textContent(), /до 20 декабря 2026/);
    await deadline.fill('до 18.12.2026, ежеквартально');
    await chips.getByText('до 18 декабря 2026').waitFor();
    assert.equal(await chips.locator('li').count(), 2);
    await photograph(page, '03-review-editing');
  });

  test('a saved edit is a new version with its change in the history', async () => {
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByRole('status').filter({ hasText: 'Действует версия 2' }).waitFor();
    assert.match(await page.locator('.activity-card', { hasText: '2.3' }).first().textContent(), /до 18 декабря 2026/);
    await page.getByRole('link', { name: 'История' }).click();
    const newest = page.locator('.version').first();
    assert.match(await newest.textContent(), /Версия 2/);
    // The words that changed are marked; with the rest around them they are the whole text.
    assert.deepEqual(await newest.locator('del').allTextContents(), ['20']);
    assert.match(await words(newest), /до 20\.12\.2026.*до 18\.12\.2026, ежеквартально/s);
    assert.equal(await page.locator('.version').count(), 2);
    await photograph(page, '04-history');
  });

  test('the plan is narrowed by a person and by a month', async () => {
    await visit(page, `/plans/${plan}`);
    assert.equal((await numbers()).length, 12);
    await photograph(page, '05-plan');

    await page.locator('summary', { hasText: 'Ответственный' }).click();
    await page.getByLabel(/^Журавлёва Н\.П\./).check();
    await page.locator('#apply-party').click();
    await page.getByText(/^4 из 12/).waitFor();
    assert.deepEqual(await numbers(), ['1.1', '1.2', '3.3', '4.2']);
    assert.match(page.url(), /party=/);

    await page.locator('summary', { hasText: 'Месяц' }).click();
    await page.getByLabel(/^ноябрь 2026/).check();
    await page.locator('#apply-month').click();
    await page.getByText(/^1 из 12/).waitFor();
    assert.deepEqual(await numbers(), ['1.2']);
    assert.match(await row('1.2').textContent(), /скоро срок/);
    assert.match(await words(row('1.2')), /через 3 дня/);

    await page.goBack();
    await page.getByText(/^4 из 12/).waitFor();
    await page.getByRole('link', { name: 'Убрать: ' }).first().click();
    await page.waitForFunction(() => document.querySelectorAll('.plan-table td.col-number').length === 12);
  });

  test('the calendar shows the deadline on its day', async () => {
    await visit(page, `/plans/${plan}/calendar?month=2026-12`);
    const day = page.locator('table.month td.day:not(.outside)', { has: page.locator('time[datetime="2026-12-18"]') });
    assert.match(await day.textContent(), /2\.3 Мониторинг результатов/);
    const old = page.locator('table.month td.day:not(.outside)', { has: page.locator('time[datetime="2026-12-20"]') });
    assert.doesNotMatch(await old.textContent(), /2\.3/);
    await photograph(page, '06-calendar');
    await page.getByRole('link', { name: /Предыдущий месяц/ }).click();
    await page.getByRole('heading', { level: 2, name: 'ноябрь 2026' }).waitFor();
    assert.match(await page.locator('td.day.today').textContent(), /22/);
    await visit(page, '/calendar?month=2026-12');
    assert.match(await page.locator('table.month').textContent(), /2\.3 Мониторинг результатов/);
  });

  test('the timeline leads to the activity, the activity to its source', async () => {
    await visit(page, `/plans/${plan}/timeline`);
    await page.getByText('Те же данные таблицей').click();
    assert.equal(await page.locator('.chart-data tbody tr').count(), 12);
    await photograph(page, '07-timeline');
    await page.locator('.chart-data').getByRole('link', { name: 'Семинар для учителей физики' }).click();
    await page.getByRole('heading', { level: 1, name: /Семинар для учителей физики/ }).waitFor();
    const content = await page.locator('main').textContent();
    assert.match(content, /ноябрь – декабрь 2026/);
    assert.match(content, /В документе: «ноябрь-декабрь 2026»/);
    assert.match(content, /Ромашова О\.И\., методист/);
    await photograph(page, '08-activity');
  });

  test('a finding is left with a reason and taken back', async () => {
    await visit(page, `/plans/${plan}/findings`);
    const finding = () => page.locator('.finding-group', { hasText: 'D101' });
    assert.match(await finding().textContent(), /3\.3 «Программа наставничества молодых педагогов»/);
    await photograph(page, '09-findings');
    await finding().locator('summary', { hasText: 'Снять замечание' }).click();
    await finding().getByLabel('Почему это здесь не замечание').fill('Срок уточняется у разработчика');
    await finding().getByRole('button', { name: 'Снять', exact: true }).click();
    const left = page.locator('.suppressed');
    await left.waitFor();
    assert.match(await left.textContent(), /D101.*«Срок уточняется у разработчика»/s);
    assert.equal(await finding().count(), 0);
    await photograph(page, '10-findings-suppressed');
    await left.getByRole('button', { name: 'Вернуть замечание' }).click();
    await finding().waitFor();
    assert.equal(await left.count(), 0);
    await visit(page, '/journal');
    assert.match(await page.locator('main').textContent(), /Срок уточняется у разработчика/);
  });

  test('the plan leaves as DOCX, XLSX, JSON and a calendar', async () => {
    await visit(page, `/plans/${plan}`);
    const take = async (name) => {
      const menu = page.locator('details.menu', { hasText: 'Скачать' });
      if (!(await menu.evaluate((each) => each.open))) await menu.locator('summary').click();
      return download(page, menu.getByRole('link', { name }));
    };
    const files = { Word: '.docx', Excel: '.xlsx' };
    for (const [name, extension] of Object.entries(files)) {
      const file = await take(new RegExp(name));
      assert.ok(file.name.endsWith(extension) && file.name.includes('96-О'), file.name);
      assert.equal(file.bytes.subarray(0, 4).toString('latin1'), 'PK\u0003\u0004');
      assert.ok(file.bytes.length > 2000, `${extension}: ${file.bytes.length} bytes`);
    }
    const data = JSON.parse((await take(/Данные/)).bytes);
    assert.match(JSON.stringify(data), /до 18\.12\.2026, ежеквартально/);
    const feed = (await take(/Календарь/)).bytes.toString();
    assert.ok(feed.startsWith('BEGIN:VCALENDAR\r\n') && feed.trimEnd().endsWith('END:VCALENDAR'));
    const unfolded = feed.replace(/\r\n /g, '');
    assert.match(unfolded, /SUMMARY:1\.2 Совещание координатора с руководителями школ/);
    assert.match(unfolded, /DTSTART;VALUE=DATE:20261125/);
    assert.equal(unfolded.split('BEGIN:VEVENT').length, unfolded.split('END:VEVENT').length);
  });

  test('a DOCX that left comes in again as the same activities', async () => {
    await visit(page, `/plans/${plan}`);
    await page.locator('details.menu', { hasText: 'Скачать' }).locator('summary').click();
    const { bytes } = await download(page, page.getByRole('link', { name: /Word/ }));
    const again = { name: 'Обратно.docx', mimeType: 'application/octet-stream', buffer: bytes };
    await handIn(page, [again]);
    assert.match(await words(outcomeOf(page, again.name)), /Прочитан.*12 мероприятий/s);
    await outcomeOf(page, again.name).locator('.outcome-plan > div > a').click();
    assert.match(await row('2.3').textContent(), /до 18 декабря 2026/);
    assert.match(await row('1.3').textContent(), /Закрепление школ-наставников.*Договоры о сотрудничестве/);
  });

  test('search finds a word in another case form', async () => {
    await visit(page, '/');
    await page.getByRole('searchbox', { name: 'Поиск по всем планам' }).fill('наставничеством молодым педагогам');
    await page.keyboard.press('Enter');
    await page.getByText(/Найдено:/).waitFor();
    const hit = page.locator(`.hits a[href="/plans/${plan}/activities/9"]`);
    assert.match(await hit.textContent(), /Программа наставничества молодых педагогов/);
    assert.ok((await hit.locator('mark').count()) >= 3, 'the words found are marked');
    await photograph(page, '11-search');
    await visit(page, '/search?q=' + encodeURIComponent('дирижабль'));
    assert.match(await page.locator('main').textContent(), /Ничего не найдено/);
  });

  test('an archived plan leaves the lists and can come back', async () => {
    await visit(page, `/plans/${plan}/archive`);
    await page.getByRole('button', { name: 'Убрать в архив' }).click();
    await page.getByText('Напишите причину').waitFor();
    await page.getByLabel('Причина').fill('Заменён новым приказом');
    await page.getByRole('button', { name: 'Убрать в архив' }).click();
    await page.waitForURL(/\/plans$/);
    assert.equal(await page.locator(`.plans-table a[href="/plans/${plan}"]`).count(), 0);
    await visit(page, '/plans?archive=1');
    assert.equal(await page.locator(`.plans-table a.plan-link[href="/plans/${plan}"]`).count(), 1);
    await visit(page, `/plans/${plan}/archive`);
    await page.getByRole('button', { name: 'Вернуть из архива' }).click();
    await visit(page, '/plans');
    assert.equal(await page.locator(`.plans-table a.plan-link[href="/plans/${plan}"]`).count(), 1);
  });

  test('nothing went wrong out of sight', () => quiet(page));
});
