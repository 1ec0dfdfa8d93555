// Does everything work where JavaScript is switched off?
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { order, photograph, quiet, site, visit, words } from './support.mjs';

describe('without JavaScript', () => {
  const opened = site();
  let page;

  before(async () => {
    page = await opened.page({ javaScriptEnabled: false });
  });

  test('files are handed in by the form itself', async () => {
    await visit(page, '/upload');
    await page.setInputFiles('#files', [
      await order(),
      { name: 'Пустой.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    ]);
    await page.locator('form.drop-zone').getByRole('button', { name: 'Загрузить' }).click();
    await page.getByRole('heading', { level: 1, name: 'Итоги загрузки' }).waitFor();
    const outcomes = await page.locator('#outcomes > li').allTextContents();
    assert.equal(outcomes.length, 2);
    assert.match(outcomes[0], /Прочитан/);
    assert.match(outcomes[1], /Не принят/);
    await photograph(page, '30-noscript-upload');
  });

  test('no file chosen is told about', async () => {
    await visit(page, '/upload');
    await page.locator('form.drop-zone').getByRole('button', { name: 'Загрузить' }).click();
    await page.getByText('Файл не выбран').waitFor();
    assert.ok(await page.locator('form.drop-zone').isVisible());
  });

  test('every page can be read', async () => {
    const pages = {
      '/': /Ближайшие две недели.*Совещание координатора/s,
      '/plans': /План мероприятий по поддержке/,
      '/plans/1': /Мониторинг результатов диагностических работ/,
      '/plans/1/review': /Самообследование школ/,
      '/plans/1/findings': /Срок заканчивается раньше начала/,
      '/plans/1/timeline': /12 мероприятий.*Посещение уроков в школах/s,
      '/plans/1/calendar?month=2026-12': /Мониторинг результатов/,
      '/plans/1/activities/6': /Справка по итогам мониторинга/,
      '/plans/1/history': /План прочитан из исходного файла/,
      '/plans/1/print': /Журавлёва Н\.П\./,
      '/calendar?month=2026-12': /Мониторинг результатов/,
      '/rules': /D101/,
      '/rules/D101': /Срок заканчивается раньше начала/,
      '/journal': /Приказ Верхнеозёрска|импорт|Загруж|прочитан/i,
      '/search?q=%D1%81%D0%B5%D0%BC%D0%B8%D0%BD%D0%B0%D1%80%D0%B0%D0%BC%D0%B8': /Семинар для учителей физики/,
    };
    for (const [address, expected] of Object.entries(pages)) {
      await visit(page, address);
      assert.match(await words(page.locator('main')), expected, address);
    }
  });

  test('the plan is narrowed, a deadline previewed and saved, a finding left, the theme changed', async () => {
    await visit(page, '/plans/1');
    await page.locator('summary', { hasText: 'Ответственный' }).click();
    await page.getByLabel(/^Ромашова О\.И\./).check();
    await page.locator('#apply-party').click();
    assert.deepEqual(await page.locator('.plan-table td.col-number').allTextContents(), ['2.2', '2.3', '3.1', '3.2']);

    await visit(page, '/plans/1/review?edit=activity-6&at=6');
    await page.getByLabel('Срок', { exact: true }).fill('ежеквартально до 15 числа');
    await page.getByLabel('Ожидаемый результат').fill('Справка и рекомендации');
    await page.getByRole('button', { name: 'Показать, как понято' }).click();
    assert.equal(await page.getByLabel('Ожидаемый результат').inputValue(), 'Справка и рекомендации');
    assert.match(await page.locator('#schedule-chips').textContent(), /кварт/);
    await photograph(page, '31-noscript-preview');
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await page.getByText('Сохранено.').waitFor();
    assert.match(await page.locator('#activity-6').textContent(), /Справка и рекомендации/);

    await visit(page, '/plans/1/findings');
    const finding = page.locator('.finding-group', { hasText: 'D107' });
    await finding.locator('summary', { hasText: 'Снять замечание' }).click();
    await finding.getByRole('textbox').fill('Срок назначит координатор');
    await finding.getByRole('button', { name: 'Снять', exact: true }).click();
    assert.match(await page.locator('.suppressed').textContent(), /Срок назначит координатор/);

    await page.getByRole('button', { name: /Включить светлую/ }).click();
    await page.getByRole('button', { name: /Включить тёмную/ }).click();
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
    assert.match(page.url(), /\/plans\/1\/findings$/, 'the theme brings back to the page');
  });

  test('nothing went wrong out of sight', () => quiet(page));
});
