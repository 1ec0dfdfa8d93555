// Does a curator get from the route of the month to a protocol whose tasks are carried out, and do meetings and the
// board work by keyboard and without scripts?
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clean, fits, person, registry } from './persons.mjs';
import { DESK, handIn, order, outcomeOf, PHONE, quiet, site, visit } from './support.mjs';

describe('Visits, meetings, obligations', () => {
  const opened = site();

  it('goes from the route to tasks that are confirmed, without scripts', async () => {
    await registry(opened);
    const plain = { javaScriptEnabled: false };
    const town = 'municipality:Верхнеозёрск';
    const coordinator = await person(opened, 'mironova', 'Миронова Ольга', 'coordinator', town);
    const head = await person(opened, 'lapin', 'Лапин Егор', 'school-head', 'school:Школа № 4');
    const curator = await person(opened, 'yudina', 'Юдина Вера', 'curator', 'school:Школа № 4', plain);

    // The month: what is owed, where to go, in one click planned.
    await visit(curator, '/visits');
    await clean(await looked(opened, curator), 'visits-month');
    await curator.click('button:has-text("Запланировать отмеченные")');
    await curator.getByText('запланировано на').first().waitFor();

    // A visit that took place today, and its protocol.
    await visit(curator, '/schools/1/visits');
    await curator.selectOption('#what', 'held');
    await curator.fill('#aim', 'Поговорить о плане');
    await curator.click('button:has-text("Записать посещение")');
    await curator.fill('#q-with-whom', 'Руководитель');
    for (const [question, answer] of [['team', 'yes'], ['on-schedule', 'no'], ['evidence-seen', 'yes'], ['correction-needed', 'no'], ['struggling-pupils', 'yes']]) {
      await curator.check(`input[name=q-${question}][value=${answer}]`);
    }
    await curator.fill('#q-lessons-visited', '3');
    await curator.click('button:has-text("Сохранить")');
    await curator.getByText('добавить вывод по ответу').waitFor();
    await clean(await looked(opened, curator), 'visit-protocol');
    await curator.setViewportSize(PHONE);
    await fits(curator);
    const narrow = (fields) => fields.filter((field) => field.getBoundingClientRect().width < 200).length;
    assert.equal(await curator.locator('main .field').evaluateAll(narrow), 0, 'no field is squeezed beside its heading');
    await curator.setViewportSize(DESK);
    await curator.check('input[name=suggested]');
    await curator.fill('#task-1-text', 'Обновить график мероприятий');
    await curator.selectOption('#task-1-who', { label: 'Лапин Егор, руководитель школы' });
    await curator.fill('#task-1-due', '2026-12-05');
    await curator.click('button:has-text("Закончить протокол")');
    await curator.getByText('Нет ответа на вопрос «Какая помощь').waitFor();
    assert.equal(await curator.inputValue('#task-1-text'), 'Обновить график мероприятий', 'typed text stays');
    await curator.fill('#q-help-needed', 'Методист по математике');
    await curator.click('button:has-text("Закончить протокол")');
    await curator.getByRole('heading', { name: 'Поручения' }).first().waitFor();
    const address = new URL(curator.url()).pathname;
    // A closed visit has a long state.
    await curator.setViewportSize(PHONE);
    await visit(curator, '/visits');
    await fits(curator);
    await curator.setViewportSize(DESK);

    // The task comes to the head, is done, and the curator confirms it.
    await visit(head, '/work');
    await clean(head, 'work-task');
    await head.click('.work-items a:has-text("Обновить график")');
    await clean(head, 'visit-closed');
    const task = head.locator('#task-1');
    await task.locator('summary').click();
    await task.locator('select[name=deed]').selectOption('done/performer');
    await task.locator('input[name=text]').fill('График обновлён');
    await task.locator('button:has-text("Записать")').click();
    await head.locator('#task-1 .badge.done').waitFor();
    await visit(curator, address);
    await curator.locator('#task-1 summary').click();
    await curator.locator('#task-1 select[name=deed]').selectOption('confirm/curator');
    await curator.locator('#task-1 button:has-text("Записать")').click();
    await curator.locator('#task-1 .badge.confirmed').waitFor();
    await visit(head, `${address}/print`);
    await clean(head, 'visit-print');

    // Obligations: the rules, and the windows of the school.
    await visit(coordinator, '/obligations');
    await clean(coordinator, 'obligations');
    await coordinator.click('a:has-text("Школа № 4")');
    await clean(coordinator, 'obligations-school');
    const row = coordinator.locator('tr:has(summary:has-text("освободить"))').first();
    await row.locator('summary:has-text("освободить")').click();
    await row.locator('input[name=reason]').fill('Школа на карантине');
    await row.locator('button:has-text("Освободить")').click();
    await coordinator.getByText('не требуется: Школа на карантине').first().waitFor();

    // A meeting with a proposed agenda; its decision is a task of the head.
    await visit(coordinator, '/meetings');
    await coordinator.click('button:has-text("Назначить и составить повестку")');
    await coordinator.fill('#present', 'Миронова, Юдина, Лапин');
    await coordinator.fill('#item-1-heard', 'Миронову о частоте посещений');
    await coordinator.fill('#item-1-1-text', 'Согласовать график посещений');
    await coordinator.selectOption('#item-1-1-who', { label: 'Юдина Вера, куратор' });
    await coordinator.fill('#item-1-1-due', '2026-12-10');
    await clean(coordinator, 'meeting-minutes');
    await coordinator.click('button:has-text("Сохранить")');
    await coordinator.click('button:has-text("Опубликовать протокол")');
    await coordinator.getByText('Скачать DOCX').or(coordinator.locator('.notice.warning')).first().waitFor();
    if (await coordinator.locator('.notice.warning').count()) {
      // Items nobody spoke to have to be filled or taken out: they are named.
      for (const box of await coordinator.locator('textarea[name$=-heard]').all()) {
        const number = /item-(\d+)/.exec(await box.getAttribute('name'))[1];
        const title = coordinator.locator(`#item-${number}-title`);
        if ((await title.inputValue()) && !(await box.inputValue())) await box.fill('Информация принята');
      }
      await coordinator.click('button:has-text("Опубликовать протокол")');
    }
    await coordinator.getByText('Скачать DOCX').waitFor();
    await clean(coordinator, 'meeting-published');
    await visit(curator, '/work');
    await curator.getByText('Согласовать график посещений').waitFor();
    await visit(coordinator, '/meetings');
    await clean(coordinator, 'meetings');
    for (const page of [coordinator, head]) quiet(page);
  });

  it('looks at the work of a plan as list, board and line, and does many at once by keyboard', async () => {
    const head = await person(opened, 'zueva', 'Зуева Майя', 'school-head', 'school:Школа № 9');
    const curator = await person(opened, 'vlasov', 'Власов Илья', 'curator', 'school:Школа № 9');
    const file = await order();
    await handIn(head, [file]);
    const link = await outcomeOf(head, file.name).locator('.outcome-plan > div > a').first().getAttribute('href');
    const work = `/plans/${/\/plans\/(\d+)/.exec(link)[1]}/work`;
    for (const _ of [1, 2]) {
      await visit(head, work);
      const line = head.locator('.work-line:not(.done)').first();
      await line.locator('summary').click();
      await line.locator('select[name=deed]').selectOption('done/performer');
      await line.locator('button:has-text("Записать")').click();
      await head.locator('.work-line .badge.done').first().waitFor();
    }
    await visit(curator, `${work}?state=done`);
    await curator.getByText('Сразу с несколькими').focus();
    await curator.keyboard.press('Enter');
    for (const box of await curator.locator('.pick').all()) {
      await box.focus();
      await curator.keyboard.press('Space');
    }
    await clean(curator, 'work-bulk');
    await curator.locator('button:has-text("Записать всё отмеченное")').focus();
    await curator.keyboard.press('Enter');
    await curator.getByText('Записано: 2').waitFor();
    await clean(curator, 'work-bulk-told');

    await visit(head, `${work}?view=board`);
    await clean(head, 'work-board');
    // By keyboard from card to card, and from a card to where one acts.
    await head.locator('.board-card').first().focus();
    await head.keyboard.press('Tab');
    assert.ok(await head.evaluate(() => document.activeElement.classList.contains('board-card')));
    await head.keyboard.press('Enter');
    await head.waitForURL('**#o-*');
    await visit(head, `${work}?view=chart`);
    await clean(head, 'work-chart');
    await head.setViewportSize(PHONE);
    for (const path of [`${work}?view=chart`, `${work}?view=board`, work, '/schools/2/visits', '/obligations', '/meetings']) {
      await visit(head, path);
      await fits(head);
    }
    await visit(curator, '/visits');
    await curator.setViewportSize(PHONE);
    await fits(curator);
    await clean(curator, 'visits-phone');
    quiet(curator);
  });
});

// The checker of accessibility needs scripts: the same page in a tab that has them.
async function looked(opened, page) {
  const copy = await opened.page();
  await copy.context().addCookies(await page.context().cookies());
  await visit(copy, new URL(page.url()).pathname);
  return copy;
}
