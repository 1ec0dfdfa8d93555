// Is a curator proposed, confirmed and ended, and a mentor school with its contract, by keyboard and on a phone, too?
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clean as isClean, fits, person, registry } from './persons.mjs';
import { opora, PHONE, quiet, site, visit, ZOOMED } from './support.mjs';

const SCHOOLS = [
  'Озёрный край;Верхнеозёрск;Школа № 4;СОШ;edu000004',
  'Озёрный край;Верхнеозёрск;Школа № 9;СОШ;edu000009',
  'Озёрный край;Верхнеозёрск;Лицей № 1;лицей;edu000001',
];

async function clean(page, name) {
  await isClean(page, name);
  await fits(page);
}

describe('Curators and mentor schools', () => {
  const opened = site();

  it('are proposed, confirmed by a person and ended', async () => {
    await registry(opened, SCHOOLS);
    const page = await person(opened, 'mironova', 'Миронова Ольга', 'coordinator', 'municipality:Верхнеозёрск');
    const head = await person(opened, 'lapin', 'Лапин Егор', 'school-head', 'school:Школа № 4');
    opora(opened.data, 'user', 'add', 'yudina', '--name', 'Юдина Вера', '--role', 'school-team', '--place', 'school:Лицей № 1');
    // The school begins its diagnosis, so that it is in the programme.
    await visit(head, '/diagnosis');
    await head.locator('input[name="q:pupils_total"]').fill('240');
    await head.click('button:has-text("Сохранить")');

    await visit(page, '/people');
    await page.click('text=Кураторы и школы-наставники');
    await clean(page, 'assignments-empty');
    await page.selectOption('#account', { label: 'Юдина Вера (yudina)' });
    await page.click('button:has-text("Дальше")');
    await page.getByRole('heading', { name: 'Юдина Вера' }).waitFor();
    assert.equal(await page.inputValue('#home'), 'Лицей № 1', 'where she works is known from her role');
    await page.fill('#capacity', '2');
    await page.check('text=математика');
    await page.getByLabel('Школа № 4').fill('7');
    await clean(page, 'assignments-curator');
    await page.click('button:has-text("Сохранить")');
    await page.getByText('Записано.').waitFor();

    await page.click('text=Предложить кураторов');
    await page.getByText('До школы 7 км').waitFor();
    await clean(page, 'assignments-proposal');
    for (const [viewport, name] of [
      [PHONE, 'phone'],
      [ZOOMED, 'zoomed'],
    ]) {
      await page.setViewportSize(viewport);
      await clean(page, `assignments-proposal-${name}`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.fill('#reason', 'приказ № 3');
    // By keyboard alone.
    await page.getByRole('button', { name: 'Назначить отмеченных' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Записано.').waitFor();
    await page.getByRole('cell', { name: 'Юдина Вера', exact: true }).waitFor();
    await clean(page, 'assignments');

    await page.click('text=Школы-наставники');
    await page.fill('#mentor-school', 'Лицей № 1');
    await page.click('button:has-text("Дальше")');
    await page.fill('#capacity', '1');
    await clean(page, 'assignments-mentor-school');
    await page.click('button:has-text("Сохранить")');
    await page.click('text=Предложить школы-наставники');
    await clean(page, 'assignments-mentors-proposal');
    await page.click('button:has-text("Назначить отмеченных")');
    await page.getByText('Записано.').waitFor();
    await page.getByRole('link', { name: /добавить/ }).click();
    await page.fill('#number', '17');
    await page.fill('#signed', '2026-09-02');
    await page.fill('#text', 'Открытые уроки математики');
    await page.click('button:has-text("Добавить")');
    await page.getByText('№ 17 от').waitFor();
    await clean(page, 'assignments-contract');

    await visit(head, '/schools/1');
    await head.getByRole('heading', { name: 'Кто помогает школе' }).waitFor();
    await head.getByText('Юдина Вера').waitFor();
    await head.getByText('№ 17 от').waitFor();
    await clean(head, 'assignments-school');

    await visit(page, '/assignments');
    await page.click('summary:has-text("Завершить")');
    await page.getByLabel('Причина').fill('год окончен');
    await page.getByRole('button', { name: 'Завершить' }).click();
    await page.getByText('Записано.').waitFor();
    await visit(page, '/questionnaires');
    await clean(page, 'questionnaires');
    await visit(page, '/journal');
    await clean(page, 'journal-own');
    quiet(page);
    quiet(head);
  });
});
