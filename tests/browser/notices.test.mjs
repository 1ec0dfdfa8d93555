// Does the bell lead to what is new, and do people choose what they hear of?
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clean, person, registry } from './persons.mjs';
import { handIn, opora, order, outcomeOf, PHONE, quiet, site, visit, words } from './support.mjs';

describe('Notices', () => {
  const opened = site();

  it('tells on the bell, leads there, and asks what one wants to hear', async () => {
    await registry(opened);
    const coordinator = await person(opened, 'mironova', 'Миронова Ольга', 'coordinator', 'municipality:Верхнеозёрск');
    const head = await person(opened, 'lapin', 'Лапин Егор', 'school-head', 'school:Школа № 4');
    const curator = await person(opened, 'yudina', 'Юдина Вера', 'curator', 'school:Школа № 4');

    // The coordinator sets a day for the self-diagnosis.
    await visit(coordinator, '/diagnosis');
    await coordinator.click('summary:has-text("Назначить срок")');
    await coordinator.fill('#term-until', '2026-11-27');
    await coordinator.click('button:has-text("Назначить")');
    await coordinator.getByText('до 27 ноября 2026').first().waitFor();
    await clean(coordinator, 'diagnosis-term');

    // The head submits a roadmap.
    const file = await order();
    await handIn(head, [file]);
    const link = await outcomeOf(head, file.name).locator('.outcome-plan > div > a').first().getAttribute('href');
    const plan = /\/plans\/(\d+)/.exec(link)[1];
    await visit(head, `/plans/${plan}/approval`);
    await head.click('button:has-text("Отправить на проверку")');
    await head.getByText('Сейчас от вас ничего не требуется').or(head.locator('.move')).first().waitFor();
    opora(opened.data, 'notices', 'send');

    // The curator sees one notice on the bell, by keyboard too, and is led to the page of the agreement.
    await visit(curator, '/work');
    assert.match(await words(curator.locator('.bell')), /непрочитанных: 1/);
    await curator.locator('.bell').focus();
    await curator.keyboard.press('Enter');
    await curator.getByRole('heading', { name: 'Уведомления' }).waitFor();
    await clean(curator, 'notices');
    await curator.locator('.notice-line a').first().click();
    await curator.waitForURL(`**/plans/${plan}/approval`);
    assert.doesNotMatch(await words(curator.locator('.bell')), /непрочитанных/);
    await visit(curator, '/notices');
    await curator.getByText('Всё прочитано').waitFor();
    await clean(curator, 'notices-empty');

    // The head hears of the self-diagnosis and of deadlines, marks one and then all as read.
    await visit(head, '/notices');
    await head.locator('.notice-line', { hasText: 'Самодиагностика школы' }).waitFor();
    const before = await head.locator('.notice-line').count();
    await head.locator('.notice-line button').first().click();
    await head.waitForFunction((count) => document.querySelectorAll('.notice-line').length === count, before - 1);
    await head.setViewportSize(PHONE);
    await clean(head, 'notices-phone');
    await head.click('button:has-text("Отметить все прочитанными")');
    await head.getByText('Всё прочитано').waitFor();

    // Settings are kept; half of quiet hours is told kindly.
    await visit(head, '/account');
    await head.click('a:has-text("Настроить")');
    await head.uncheck('input[name=topic][value=deadlines]');
    await head.selectOption('#digest', '7');
    await head.selectOption('#quiet-from', '');
    await head.click('button:has-text("Сохранить")');
    await head.getByText('Тихие часы указаны наполовину').waitFor();
    await head.uncheck('input[name=topic][value=deadlines]');
    await head.selectOption('#digest', '7');
    await head.selectOption('#quiet-from', '21');
    await head.click('button:has-text("Сохранить")');
    await head.getByText('Сохранено.').waitFor();
    await visit(head, '/notices/settings');
    assert.equal(await head.isChecked('input[name=topic][value=deadlines]'), false);
    assert.equal(await head.inputValue('#digest'), '7');
    assert.equal(await head.inputValue('#quiet-from'), '21');
    await clean(head, 'notices-settings');
    for (const page of [coordinator, curator]) quiet(page);
  });
});
