// Does a school diagnose itself, from the first answer to «ОДОБРЕНО», with surveys, risks and the board beside it?
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { overflow, violations } from './looks.mjs';
import { person, registry } from './persons.mjs';
import { PHONE, photograph, quiet, site, tab, visit, words } from './support.mjs';

const SECTION = '/schools/1/diagnosis?section=school';

// A person on another device: the same cookies, another window.
async function elsewhere(opened, page, options) {
  return opened.page({ ...options, storageState: await page.context().storageState() });
}

async function looksWell(page, name) {
  await photograph(page, name);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(await overflow(page), { over: 0, culprits: [] });
}

const saved = (page) => page.locator('[data-save-state]', { hasText: /^Сохранено\.$/ }).waitFor();

// Nothing waits to be saved, whether anything was changed or not.
const settled = (page) => page.locator('[data-save-state]', { hasText: /^(Сохранено|Ответы сохраняются)/ }).waitFor();

// Answers whatever is asked and not answered on this page, as fast as no person could: saves must queue.
async function answerAll(page) {
  await page.evaluate(() => {
    const put = (field, value) => {
      field.value = value;
      field.dispatchEvent(new Event('change', { bubbles: true }));
    };
    for (const question of document.querySelectorAll('.question:not([hidden])')) {
      const fields = [...question.querySelectorAll('input:not([type=hidden]), textarea')];
      const groups = new Map(fields.map((field) => [field.name, field]));
      for (const name of groups.keys()) {
        const own = fields.filter((field) => field.name === name);
        if (own[0].type === 'radio' || own[0].type === 'checkbox') {
          if (!own.some((field) => field.checked && field.value)) own[0].click();
        } else if (!own[0].value) {
          const texts = { date: '2026-09-01', textarea: 'Не хватает двух учителей математики, уроки ведут совместители.' };
          put(own[0], texts[own[0].type] ?? (name.endsWith(':whole') ? '40' : '2'));
        }
      }
    }
  });
}

describe('the self-diagnosis of a school', () => {
  const opened = site();
  let head;
  let curator;
  let coordinator;

  before(async () => {
    await registry(opened);
    head = await person(opened, 'lapin', 'Лапин Егор', 'school-head', 'school:Школа № 4');
    curator = await person(opened, 'yudina', 'Юдина Вера', 'curator', 'school:Школа № 4');
    coordinator = await person(opened, 'mironova', 'Миронова Ольга', 'coordinator', 'municipality:Верхнеозёрск');
  });

  test('answers save themselves, and a wrong one says so at its place', async () => {
    await visit(head, '/');
    await head.getByRole('link', { name: 'Диагностика' }).click();
    await head.waitForURL('**/schools/1/diagnosis?year=2026');
    await looksWell(head, 'diagnosis-start');
    const pupils = head.locator('#q-pupils_total input.short');
    await pupils.fill('312');
    await saved(head);
    await pupils.fill('-3');
    await head.locator('#q-pupils_total').getByText('Нужно не меньше 1').waitFor();
    await pupils.fill('сорок');
    await head.locator('#q-pupils_total').getByText('не читается').waitFor();
    assert.equal(await pupils.inputValue(), 'сорок');
    await pupils.fill('312');
    await saved(head);
    await visit(head, SECTION);
    assert.equal(await pupils.inputValue(), '312');
    quiet(head);
  });

  test('a link that is followed at once, and a page that is put away, lose nothing', async () => {
    const pupils = (page) => page.locator('#q-pupils_total input.short');
    await visit(head, SECTION);
    await pupils(head).fill('314');
    await head.locator('#sections a', { hasText: 'Оснащение школы' }).click();
    await head.waitForURL('**section=low_equipment**');
    await visit(head, SECTION);
    assert.equal(await pupils(head).inputValue(), '314');
    await pupils(head).fill('315');
    await head.evaluate(() => window.dispatchEvent(new Event('pagehide')));
    const other = await elsewhere(opened, head);
    for (let tries = 0; tries < 20 && (await pupils(other).inputValue().catch(() => '')) !== '315'; tries += 1) {
      await visit(other, SECTION);
    }
    assert.equal(await pupils(other).inputValue(), '315');
    await settled(head);
    await other.context().close();
    quiet(head);
  });

  test('a question that depends on an answer appears with it', async () => {
    await visit(head, '/schools/1/diagnosis?section=low_equipment');
    assert.equal(await head.locator('#q-equipment_need').isVisible(), false);
    await head.getByLabel('Скорости не хватает даже одному классу').check();
    await head.locator('#q-equipment_need').waitFor();
    await head.getByLabel('Да, во всех кабинетах').check();
    await head.locator('#q-equipment_need').waitFor({ state: 'hidden' });
    quiet(head);
  });

  test('of two tabs nobody loses a word', async () => {
    await visit(head, SECTION);
    const other = await tab(head, opened.base);
    await visit(other, SECTION);
    const field = (page) => page.locator('#q-teachers_total input.short');
    await field(head).fill('28');
    await saved(head);
    await field(other).fill('30');
    const conflict = other.locator('#q-teachers_total [data-conflict]');
    await conflict.waitFor();
    assert.match(await words(conflict), /Лапин Егор.*28 человек.*30 человек/s);
    assert.equal(await field(other).inputValue(), '30');
    await looksWell(other, 'diagnosis-conflict');
    await conflict.getByRole('button', { name: 'Записать мой ответ' }).click();
    await saved(other);
    await visit(head, SECTION);
    assert.equal(await field(head).inputValue(), '30');
    quiet(other);
    await other.close();
  });

  test('without JavaScript and on a telephone a button saves', async () => {
    const page = await elsewhere(opened, head, { javaScriptEnabled: false, viewport: PHONE });
    await visit(page, SECTION);
    await page.locator('#q-data_day input[type=date]').fill('2026-09-01');
    await page.locator('#q-pupils_total input.short').fill('313');
    await page.getByRole('button', { name: 'Сохранить и дальше' }).click();
    await page.waitForURL('**section=low_equipment**');
    await page.getByText('Сохранено.').waitFor();
    await visit(page, SECTION);
    assert.equal(await page.locator('#q-pupils_total input.short').inputValue(), '313');
    await page.context().close();
    const touched = await elsewhere(opened, head, { viewport: PHONE, hasTouch: true });
    await visit(touched, '/schools/1/diagnosis?section=low_equipment');
    await looksWell(touched, 'diagnosis-phone');
    await touched.context().close();
  });

  test('sent, returned, mended, approved', async () => {
    await visit(head, '/schools/1/diagnosis?section=finish');
    await head.getByText('Осталось исправить').waitFor();
    await head.getByRole('button', { name: 'Отправить на проверку' }).click();
    await head.getByText('Пока не отправлено').waitFor();
    const sections = await head.locator('#sections li a').evaluateAll((links) => links.map((link) => link.href));
    for (const address of sections.slice(0, -1)) {
      await visit(head, address);
      await answerAll(head);
      await settled(head);
      // Answers bring new questions.
      await answerAll(head);
      await settled(head);
    }
    await visit(head, '/schools/1/diagnosis?section=finish');
    await head.getByText('На все обязательные вопросы есть ответы').waitFor();
    await looksWell(head, 'diagnosis-finish');
    await head.getByRole('button', { name: 'Отправить на проверку' }).click();
    await head.getByText('Отправлено на проверку. Решение').waitFor();

    await visit(curator, '/diagnosis');
    await curator.waitForURL('**/schools/1/diagnosis?year=2026');
    await looksWell(curator, 'diagnosis-check');
    await curator.locator('#q-pupils_total').getByText('Замечание к вопросу 1.1').click();
    await curator.getByLabel('Замечание к вопросу 1.1').fill('В прошлом отчёте было 298 учеников. Сверьте.');
    await curator.getByRole('button', { name: 'Одобрить' }).click();
    await curator.getByText('Вы написали замечания и нажали «Одобрить»').waitFor();
    await curator.getByRole('button', { name: 'Вернуть с замечаниями' }).click();
    await curator.getByText('Возвращено школе с замечаниями.').waitFor();
    quiet(curator);

    await visit(head, SECTION);
    await head.locator('#q-pupils_total').getByText('В прошлом отчёте было 298').waitFor();
    await looksWell(head, 'diagnosis-returned');
    await head.locator('#q-pupils_total input.short').fill('298');
    await saved(head);
    await head.locator('#q-pupils_total').getByRole('link', { name: 'Ответить' }).click();
    await head.getByLabel('Что исправлено или почему оставлено так').fill('Исправлено по отчёту.');
    await head.getByRole('button', { name: 'Ответить на замечание' }).click();
    await head.getByText('Ответ на замечание записан.').waitFor();
    await head.getByRole('button', { name: 'Отправить повторно' }).click();
    await head.getByText('Отправлено на проверку. Решение').waitFor();

    await visit(curator, '/schools/1/diagnosis');
    await curator.getByText('Исправлено по отчёту.').first().waitFor();
    await curator.getByRole('button', { name: 'Одобрить' }).dblclick();
    await curator.getByText('ОДОБРЕНО').first().waitFor();
    await visit(head, '/schools/1/diagnosis');
    await head.getByText('ОДОБРЕНО').first().waitFor();
    await looksWell(head, 'diagnosis-approved');
    assert.equal(await head.locator('form[data-autosave]').count(), 0);
    quiet(head);
  });

  test('parents answer on a telephone, and the school sees sums only', async () => {
    await visit(head, '/schools/1/surveys');
    await head.getByRole('button', { name: 'Открыть опрос родителей' }).click();
    const link = new URL(await head.locator('#survey-link').textContent()).pathname;
    await looksWell(head, 'survey-opened');
    for (let person = 0; person < 6; person += 1) {
      const parent = await opened.page({ viewport: PHONE, hasTouch: true, javaScriptEnabled: person !== 0 });
      await visit(parent, link);
      if (person === 1) await looksWell(parent, 'survey-phone');
      if (person === 0) {
        await parent.getByRole('button', { name: 'Отправить ответы' }).click();
        await parent.getByText('Ответы ещё не отправлены').waitFor();
        for (const first of await parent.locator('.question .options').all()) {
          await first.locator('input').first().check();
        }
      } else {
        await answerAll(parent);
      }
      await parent.getByRole('button', { name: 'Отправить ответы' }).click();
      await parent.getByRole('heading', { name: 'Спасибо' }).waitFor();
      await parent.context().close();
    }
    await visit(head, '/schools/1/surveys');
    await head.getByText('Ответов не меньше 5.').waitFor();
    await head.getByRole('button', { name: 'Закрыть опрос' }).click();
    await head.getByText('Ответов: 6.').waitFor();
    await head.getByText('Сводка ответов').click();
    await looksWell(head, 'survey-closed');
    const late = await opened.page();
    await visit(late, link);
    await late.getByText('больше не принимаются').waitFor();
    await late.context().close();
    quiet(head);
  });

  test('risks with their reasons, and a decision beside what was computed', async () => {
    await visit(curator, '/schools/1/risks');
    await curator.getByText('По одобренной самодиагностике').waitFor();
    await looksWell(curator, 'risks');
    const factor = curator.locator('#factor-low_equipment');
    if (!(await factor.evaluate((own) => own.open))) await factor.locator('summary').first().click();
    await factor.locator('summary', { hasText: 'Решить иначе' }).click();
    await factor.getByLabel('Значимость').selectOption('high');
    await factor.getByLabel('Причина').fill('На посещении видел: кабинет физики закрыт.');
    await factor.getByRole('button', { name: 'Записать решение' }).click();
    await curator.getByText('Решение записано.').waitFor();
    await factor.getByText('высокая, решение человека').waitFor();
    await looksWell(curator, 'risks-decided');
    await visit(head, '/schools/1/risks');
    await head.locator('#factor-low_equipment').getByText('кабинет физики закрыт').first().waitFor();
    const phone = await elsewhere(opened, head, { viewport: PHONE });
    await visit(phone, '/schools/1/risks');
    await looksWell(phone, 'risks-phone');
    await phone.context().close();
    quiet(curator);
  });

  test('the coordinator sees whose move it is', async () => {
    await visit(coordinator, '/diagnosis');
    const row = coordinator.locator('tr', { hasText: 'Школа № 4' });
    assert.match(await words(row), /ОДОБРЕНО/);
    await looksWell(coordinator, 'diagnosis-board');
    await row.getByRole('link').click();
    await coordinator.getByText('ОДОБРЕНО').first().waitFor();
    quiet(coordinator);
  });
});
