// What if two people change the same thing, or a text cannot be accepted? Nothing that was typed is lost.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { order, photograph, plan, quiet, site, tab, visit } from './support.mjs';

describe('two tabs', () => {
  const opened = site();
  let first;
  let second;
  let id;

  before(async () => {
    first = await opened.page();
    id = await plan(first, await order());
    second = await tab(first, opened.base);
  });

  const edit = (page, key) => visit(page, `/plans/${id}/review?edit=activity-${key}&at=${key}`);
  const save = (page) => page.getByRole('button', { name: 'Сохранить', exact: true }).click();

  test('the second one sees both texts and decides', async () => {
    await edit(first, 2);
    await edit(second, 2);
    await first.getByLabel('Ответственные', { exact: true }).fill('Журавлёва Н.П.');
    await save(first);
    await first.getByText('Сохранено.').waitFor();

    const mine = 'Журавлёва Н.П., Ромашова О.И.';
    await second.getByLabel('Ответственные', { exact: true }).fill(mine);
    await save(second);
    await second.getByText('это же место изменили').waitFor();
    const row = second.locator('.conflict-row.differs');
    assert.equal(await row.count(), 1, 'only the field that both changed differs');
    assert.deepEqual(await row.locator('.conflict-text').allTextContents(), ['Журавлёва Н.П.', mine]);
    assert.equal(await row.getByRole('textbox').inputValue(), mine, 'a third text can be typed');
    await photograph(second, '20-conflict');

    await row.getByLabel('Ваш текст').check();
    await second.getByRole('button', { name: 'Сохранить выбранное' }).click();
    await second.getByText('Действует версия 3').waitFor();
    assert.match(await second.locator('#activity-2').textContent(), /Журавлёва Н\.П\., Ромашова О\.И\./);
    await visit(second, `/plans/${id}/history`);
    const history = await second.locator('.versions').textContent();
    assert.match(history, /Журавлёва Н\.П\., заместитель начальника отдела/, 'the first text is in the history');
    assert.match(history, /Журавлёва Н\.П\., Ромашова О\.И\./);
  });

  test('different fields of one activity are joined and told', async () => {
    await edit(first, 3);
    await edit(second, 3);
    await first.getByLabel('Ожидаемый результат').fill('Договоры и график');
    await save(first);
    await first.getByText('Сохранено.').waitFor();
    await second.getByLabel('Срок', { exact: true }).fill('до 20.09.2026');
    await save(second);
    await second.getByText('сохранены обе правки').waitFor();
    const card = await second.locator('#activity-3').textContent();
    assert.match(card, /Договоры и график/);
    assert.match(card, /до 20 сентября 2026/);
    await second.getByRole('link', { name: 'Что изменили без вас' }).click();
    await second.getByRole('heading', { name: 'Что изменилось' }).waitFor();
    assert.match(await second.locator('.side-by-side').textContent(), /Договоры и график/);
  });

  test('edits of different things do not meet', async () => {
    await edit(first, 4);
    await edit(second, 5);
    await first.getByLabel('Ожидаемый результат').fill('Профили риска двух школ');
    await save(first);
    await first.getByText('Сохранено.').waitFor();
    await second.getByLabel('Срок', { exact: true }).fill('не реже 2 раз в месяц');
    await save(second);
    await second.getByText('Сохранено.').waitFor();
    assert.match(await second.locator('#activity-4').textContent(), /Профили риска двух школ/);
    assert.match(await second.locator('#activity-5').textContent(), /не реже 2 раз/);
  });

  test('a form that cannot be accepted keeps what was typed', async () => {
    await edit(first, 7);
    await first.getByLabel('Мероприятие', { exact: true }).fill('');
    await first.getByLabel('Срок', { exact: true }).fill('до 15.12.2026');
    await first.getByLabel('Целевая группа').fill('учителя <b>физики</b> & астрономии');
    await save(first);
    await first.getByRole('alert').filter({ hasText: 'Не сохранено' }).waitFor();
    const title = first.getByLabel('Мероприятие', { exact: true });
    assert.equal(await title.getAttribute('aria-invalid'), 'true');
    assert.equal(await first.getByLabel('Срок', { exact: true }).inputValue(), 'до 15.12.2026');
    assert.equal(await first.getByLabel('Целевая группа').inputValue(), 'учителя <b>физики</b> & астрономии');
    await photograph(first, '21-refused-form');
    await title.fill('Семинар для учителей физики');
    await save(first);
    await first.getByText('Сохранено.').waitFor();
    const card = await first.locator('#activity-7').textContent();
    assert.match(card, /до 15 декабря 2026/);
    assert.match(card, /учителя <b>физики<\/b> & астрономии/, 'markup is shown as text');
  });

  test('an activity deleted in another tab is told about', async () => {
    await edit(second, 8);
    await visit(first, `/plans/${id}/review?edit=delete-8&at=8`);
    await first.getByRole('button', { name: 'Удалить', exact: true }).click();
    await first.getByText('Сохранено.').waitFor();
    assert.equal(await first.locator('#activity-8').count(), 0);
    await second.getByLabel('Срок', { exact: true }).fill('еженедельно');
    await save(second);
    await second.getByRole('alert').or(second.locator('.error-page')).first().waitFor();
    await photograph(second, '22-gone');
    assert.match(await second.locator('main').textContent(), /удал|уже нет/, 'it says that the activity was deleted');
    const texts = await second.locator('textarea, .conflict-text').evaluateAll((all) => all.map((one) => one.value ?? one.textContent));
    assert.ok(texts.includes('еженедельно'), 'what was typed is still on the page');
  });

  test('leaving with something typed asks first', async () => {
    await edit(first, 9);
    await first.getByLabel('Срок', { exact: true }).fill('март 2027 - июнь 2027');
    let asked = false;
    first.once('dialog', (dialog) => {
      asked = dialog.type() === 'beforeunload';
      return dialog.dismiss();
    });
    await first.getByRole('link', { name: 'Планы', exact: true }).first().click();
    await first.waitForTimeout(300);
    assert.ok(asked, 'the browser asked');
    assert.equal(await first.getByLabel('Срок', { exact: true }).inputValue(), 'март 2027 - июнь 2027');
    await save(first);
    await first.getByText('Сохранено.').waitFor();
  });

  test('nothing went wrong out of sight', () => {
    quiet(first);
    quiet(second);
  });
});
