// Can everything around the activities be mended on the review page: act, plan, sections, schools, lists?
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { order, photograph, plan, quiet, site, tab, visit, words } from './support.mjs';

describe('the review page', () => {
  const opened = site();
  let page;
  let id;

  before(async () => {
    page = await opened.page();
    id = await plan(page, await order());
  });

  const review = (query = '') => visit(page, `/plans/${id}/review${query}`);
  const save = (on = page) => on.getByRole('button', { name: 'Сохранить', exact: true }).click();
  const saved = () => page.getByText('Сохранено.').waitFor();
  const titles = async () =>
    (await page.locator('.section-head h3').allTextContents()).map((title) => title.replaceAll('\u00a0', ' ').trim());

  test('title and period of the plan; a wrong period keeps what was typed', async () => {
    await review();
    await page.getByRole('link', { name: 'Изменить название и период плана' }).click();
    await page.getByLabel('Название плана').fill('План «Шаг вперёд»');
    await page.getByLabel('Первый день периода').fill('01.09.2026');
    await page.getByLabel('Последний день периода').fill('31.05.2026');
    await save();
    await page.getByText('Период заканчивается раньше').waitFor();
    assert.equal(await page.getByLabel('Название плана').inputValue(), 'План «Шаг вперёд»');
    await photograph(page, '60-plan-refused');
    await page.getByLabel('Последний день периода').fill('31.05.2027');
    // Enter saves.
    await page.getByLabel('Последний день периода').press('Enter');
    await saved();
    assert.match(await words(page.locator('#plan')), /План «Шаг вперёд».*сентябрь 2026 – май 2027/s);
    assert.equal(await words(page.locator('h1')), 'План «Шаг вперёд»');
    quiet(page);
  });

  test('every field of the act', async () => {
    await review();
    await page.getByRole('link', { name: 'Изменить реквизиты акта' }).click();
    await page.getByLabel('Место издания').fill('г. Новоозёрск');
    await page.getByLabel('Подписал', { exact: true }).fill('Лугова М.Е.');
    await page.getByLabel('Кто контролирует').fill('Сорокин В.Д.');
    await photograph(page, '61-act');
    await save();
    await saved();
    const act = await words(page.locator('#act'));
    for (const text of ['г. Новоозёрск', 'Лугова М.Е.', 'Сорокин В.Д.']) assert.ok(act.includes(text), text);
    quiet(page);
  });

  test('a section is added, given a year, moved and deleted', async () => {
    await review();
    const before_ = await titles();
    await page.getByRole('link', { name: 'Добавить раздел ниже' }).first().click();
    await page.getByLabel('Название раздела').fill('Подготовка к следующему году');
    await page.getByLabel('Год сроков').fill('2027');
    await photograph(page, '62-new-section');
    await save();
    await saved();
    const added = await titles();
    assert.equal(added.length, before_.length + 1);
    assert.match(added[1], /^Подготовка к следующему году\s+сроки 2027 года\s+пустой$/);
    await page.getByRole('button', { name: 'Переместить раздел 2 ниже' }).click();
    await saved();
    assert.match((await titles())[2], /^Подготовка/);
    assert.match(page.url(), /#section-3$/);
    await photograph(page, '63-sections');
    await page.getByRole('link', { name: 'Удалить раздел 3' }).click();
    await page.getByRole('heading', { name: 'Удалить раздел?' }).waitFor();
    await page.getByRole('link', { name: 'Отмена' }).click();
    assert.equal((await titles()).length, added.length, 'nothing is deleted without a yes');
    await page.getByRole('link', { name: 'Удалить раздел 3' }).click();
    await page.getByRole('button', { name: 'Удалить', exact: true }).click();
    await saved();
    assert.deepEqual(await titles(), before_);
    assert.equal(await page.getByRole('link', { name: /^Удалить раздел/ }).count(), 0, 'none of the others is empty');
    quiet(page);
  });

  test('schools, programme and indicators as lines', async () => {
    await review();
    const open = page.getByRole('link', { name: 'участников' }).or(page.getByRole('link', { name: 'Изменить участников' }));
    if (!(await open.isVisible())) await page.locator('summary', { hasText: 'Участники' }).click();
    await open.click();
    await page.getByLabel('Школы, которым оказывается поддержка').fill('МБОУ СОШ № 2\nосновная школа № 4\nЛесная школа');
    await page.getByLabel('Школы-кураторы').fill('Гимназия № 1');
    await save();
    await saved();
    // The fold with what was changed is open: the address leads into it.
    await page.locator('#participants').waitFor({ state: 'visible' });
    assert.match(await words(page.locator('#participants')), /№ 2.*№ 4.*Лесная школа.*гимназия № 1/s);
    await page.getByRole('link', { name: 'показатели' }).click();
    await page.getByLabel('Группа показателей').first().fill('Качество');
    await page.getByLabel('Показатели, по одной').first().fill('Доля сдавших\nДоля поступивших');
    await page.getByRole('button', { name: 'Ещё группа' }).click();
    assert.equal(await page.getByLabel('Группа показателей').count(), 2);
    assert.equal(await page.getByLabel('Группа показателей').first().inputValue(), 'Качество');
    await page.getByLabel('Группа показателей').last().fill('Среда');
    await page.getByLabel('Показатели, по одной').last().fill('Доля уроков');
    await photograph(page, '64-indicators');
    await save();
    await saved();
    assert.match(await words(page.locator('#indicators')), /Качество.*Доля сдавших.*Доля поступивших.*Среда.*Доля уроков/s);
    await photograph(page, '65-lists');
    quiet(page);
  });

  test('two who change the same section see both texts', async () => {
    const other = await tab(page, opened.base);
    for (const each of [page, other]) {
      await visit(each, `/plans/${id}/review?edit=section-1`);
      await each.getByLabel('Название раздела').fill(each === page ? 'Первое имя' : 'Второе имя');
    }
    await save();
    await saved();
    await save(other);
    await other.getByText('это же место изменили').waitFor();
    assert.deepEqual(await other.locator('.conflict-row.differs .conflict-text').allTextContents(), ['Первое имя', 'Второе имя']);
    await photograph(other, '66-section-conflict');
    await other.locator('.conflict-row.differs').getByLabel('Ваш текст').check();
    await other.getByRole('button', { name: 'Сохранить выбранное' }).click();
    await other.getByText('Сохранено.').waitFor();
    assert.match(await words(other.locator('#section-2 h3')), /Второе имя/);
    await visit(page, `/plans/${id}/history`);
    await photograph(page, '67-history');
    await other.close();
  });

  test('a finding is set aside at its own place', async () => {
    await visit(page, `/plans/${id}/findings?by=place`);
    const groups = page.locator('.finding-group', { hasNot: page.locator('[name="activity"]') });
    const finding = groups.locator('.finding-item', { has: page.locator('[name="place"]') }).first();
    await finding.locator('summary', { hasText: 'Снять замечание' }).click();
    await finding.getByRole('textbox').fill('Так решила комиссия');
    await finding.getByRole('button', { name: 'Снять', exact: true }).click();
    const left = page.locator('.suppressed');
    await left.waitFor();
    assert.match(await words(left), /Так решила комиссия/);
    await left.scrollIntoViewIfNeeded();
    await photograph(page, '68-set-aside');
    await visit(page, '/journal');
    await page.getByRole('button', { name: 'Проверить всю цепочку заново' }).click();
    await page.getByText('Цепочка цела').waitFor();
    await photograph(page, '69-journal');
    quiet(page);
  });
});
