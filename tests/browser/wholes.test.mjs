// Is a number that the questionnaire knows already asked once, and does every page say of how many a part is?
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { overflow, violations } from './looks.mjs';
import { person, registry } from './persons.mjs';
import { PHONE, photograph, quiet, site, tab, visit, words } from './support.mjs';

const SCHOOL = '/schools/1/diagnosis?section=school';
const EQUIPMENT = '/schools/1/diagnosis?section=low_equipment';
const saved = (page) => page.locator('[data-save-state]', { hasText: /^Сохранено\.$/ }).waitFor();

async function looksWell(page, name) {
  await photograph(page, name);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(await overflow(page), { over: 0, culprits: [] });
}

describe('a number of another section', () => {
  const opened = site();
  let head;

  before(async () => {
    await registry(opened);
    head = await person(opened, 'lapin', 'Лапин Егор', 'school-head', 'school:Школа № 4');
  });

  test('the part may come first, and the page says which question tells the rest', async () => {
    await visit(head, EQUIPMENT);
    const books = head.locator('#q-textbooks_missing');
    await books.getByText('Сколько всего, ещё не сказано').waitFor();
    assert.equal(await books.getByText('Всего учеников').isVisible(), false);
    assert.equal(await books.locator('input.short').count(), 1);
    assert.equal(await head.locator('#q-computers_old input.short').count(), 2);
    await looksWell(head, 'whole-unknown');
    await books.locator('input.short').fill('12');
    await saved(head);
    await books.getByRole('link', { name: 'вопрос 1.1' }).click();
    await head.waitForURL('**section=school#q-pupils_total');
    await head.locator('#q-pupils_total input.short').fill('1 200');
    await saved(head);
    await visit(head, EQUIPMENT);
    assert.match(await words(books.locator('.part-of')), /из 1200/);
    assert.equal(await books.locator('input.short').inputValue(), '12');
    await books.getByRole('textbox', { name: /учеников без полного набора учебников.*из 1200/ }).waitFor();
    await looksWell(head, 'whole-known');
    quiet(head);
  });

  test('what a colleague mends meanwhile is told with the next save', async () => {
    await visit(head, EQUIPMENT);
    const other = await tab(head, opened.base);
    await visit(other, SCHOOL);
    await other.locator('#q-pupils_total input.short').fill('10');
    await saved(other);
    const books = head.locator('#q-textbooks_missing');
    await head.getByLabel('Да, во всех кабинетах').check();
    await books.getByText('это больше, чем «всего учеников» – 10').waitFor();
    assert.match(await words(books.locator('.part-of')), /из 10$/);
    await looksWell(head, 'whole-too-small');
    await other.locator('#q-pupils_total input.short').fill('120');
    await saved(other);
    await head.getByLabel('Только в части кабинетов').check();
    await books.getByText('это больше').waitFor({ state: 'detached' });
    await other.close();
    quiet(head);
  });

  test('on a telephone, and without JavaScript', async () => {
    const storageState = await head.context().storageState();
    const phone = await opened.page({ storageState, viewport: PHONE, hasTouch: true });
    await visit(phone, EQUIPMENT);
    await looksWell(phone, 'whole-phone');
    await visit(phone, '/schools/1/diagnosis?section=teacher_competence');
    await looksWell(phone, 'whole-phone-unknown');
    await phone.context().close();
    const plain = await opened.page({ storageState, javaScriptEnabled: false });
    await visit(plain, EQUIPMENT);
    const books = plain.locator('#q-textbooks_missing');
    await books.locator('input.short').fill('много');
    await plain.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await books.getByText('Напишите одно целое число').waitFor();
    assert.equal(await books.locator('input.short').inputValue(), 'много');
    await books.locator('input.short').fill('30');
    await plain.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await plain.getByText('Сохранено.', { exact: true }).waitFor();
    assert.match(await words(books.locator('.part-of')), /из 120$/);
    await photograph(plain, 'whole-plain');
    await plain.context().close();
  });
});

const FORM = `
id = "parents"
version = 9
title = "Анкета для родителей"
audience = "parents"
[[section]]
id = "all"
title = "О детях"
[[section.question]]
id = "children"
type = "number"
text = "Сколько у вас детей школьного возраста?"
required = true
min = 1
whole = true
[[section.question]]
id = "clubs"
type = "share"
text = "Сколько из них ходит в кружки?"
required = true
part = "детей ходит в кружки"
whole = "всего детей"
whole_from = "children"
`;

describe('a number of the same page', () => {
  const opened = site(async (data) => {
    await mkdir(join(data, 'packs', 'questionnaires'), { recursive: true });
    await writeFile(join(data, 'packs', 'questionnaires', 'parents.toml'), FORM);
    const head = FORM.replaceAll('parents', 'school-head').replace('audience = "school-head"', 'audience = "head"');
    await writeFile(join(data, 'packs', 'questionnaires', 'school-head.toml'), head);
  });
  let head;

  before(async () => {
    await registry(opened);
    head = await person(opened, 'lapin', 'Лапин Егор', 'school-head', 'school:Школа № 4');
  });

  test('it is followed as it is typed', async () => {
    await visit(head, '/schools/1/diagnosis');
    const [number, share] = [head.locator('#q-children input.short'), head.locator('#q-clubs')];
    const part = share.locator('.part-of');
    await share.getByText('Сколько всего, берётся из ответа на вопрос 1.1').waitFor();
    await number.pressSequentially('3');
    await share.getByText('из 3', { exact: true }).waitFor();
    await number.fill('три');
    await share.getByText('Сколько всего, берётся из ответа на вопрос 1.1').waitFor();
    await number.fill('4');
    await share.locator('input.short').fill('5');
    await share.getByText('«детей ходит в кружки» – 5, это больше, чем «всего детей» – 4').waitFor();
    // The part was right, the number was not: the note goes away with the save of the number.
    await number.fill('6');
    await share.getByText('это больше').waitFor({ state: 'detached' });
    assert.match(await words(part), /из 6$/);
    await looksWell(head, 'whole-same-page');
    quiet(head);
  });

  test('parents answer both on one page, with and without JavaScript', async () => {
    await visit(head, '/schools/1/surveys');
    await head.getByRole('button', { name: 'Открыть опрос родителей' }).click();
    const link = new URL(await head.locator('#survey-link').textContent()).pathname;
    const send = (page) => page.getByRole('button', { name: 'Отправить ответы' }).click();
    const plain = await opened.page({ viewport: PHONE, javaScriptEnabled: false });
    await visit(plain, link);
    await photograph(plain, 'whole-survey-plain');
    await plain.locator('#q-children input.short').fill('2');
    await plain.locator('#q-clubs input.short').fill('3');
    await send(plain);
    await plain.getByText('это больше, чем «всего детей» – 2').first().waitFor();
    assert.match(await words(plain.locator('#q-clubs .part-of')), /из 2$/);
    await plain.locator('#q-clubs input.short').fill('1');
    await send(plain);
    await plain.getByRole('heading', { name: 'Спасибо' }).waitFor();
    const parent = await opened.page({ viewport: PHONE, hasTouch: true });
    await visit(parent, link);
    await parent.locator('#q-children input.short').fill('2');
    await parent.locator('#q-clubs').getByText('из 2', { exact: true }).waitFor();
    await looksWell(parent, 'whole-survey');
    await parent.locator('#q-clubs input.short').fill('2');
    await send(parent);
    await parent.getByRole('heading', { name: 'Спасибо' }).waitFor();
    quiet(parent);
    await Promise.all([plain, parent].map((page) => page.context().close()));
  });
});
