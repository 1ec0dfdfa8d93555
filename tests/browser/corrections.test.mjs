// Does a roadmap live to its end: remarks to fields, the plan above, two who write at once, corrections, the close?
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clean, enter, invite, registry } from './persons.mjs';
import { download, handIn, order, outcomeOf, quiet, site, visit, words } from './support.mjs';

describe('The life of a roadmap', () => {
  const opened = site();

  it('goes to its end', async () => {
    await registry(opened);
    const person = (login, name, role, place, options) =>
      enter(opened, invite(opened, login, name, role, place), login, options);
    const coordinator = await person('mironova', 'Миронова Ольга', 'coordinator', 'municipality:Верхнеозёрск');
    const head = await person('lapin', 'Лапин Егор', 'school-head', 'school:Школа № 4');
    const team = await person('titova', 'Титова Инна', 'school-team', 'school:Школа № 4', { javaScriptEnabled: false });
    const curator = await person('yudina', 'Юдина Вера', 'curator', 'school:Школа № 4');

    // The municipality has a plan; the school drafts its roadmap from it.
    const file = await order();
    await handIn(coordinator, [file]);
    const link = await outcomeOf(coordinator, file.name).locator('.outcome-plan > div > a').first().getAttribute('href');
    const town = /\/plans\/(\d+)/.exec(link)[1];
    await visit(head, '/schools');
    const school = /\/schools\/(\d+)/.exec(head.url())[1];
    await visit(head, `/schools/${school}/roadmap`);
    await head.getByText('Уровень поддержки.').waitFor();
    await clean(head, 'roadmap-form');
    await head.selectOption('#municipal', town);
    await head.selectOption('#risk-staff_shortage', 'high');
    await head.click('button:has-text("Составить черновик")');
    await head.waitForURL(/\/plans\/\d+$/);
    const plan = /\/plans\/(\d+)/.exec(head.url())[1];
    const approval = `/plans/${plan}/approval`;
    await visit(head, approval);
    await head.click('button:has-text("Отправить на проверку")');

    // The curator returns it with a remark to one field; the head finds it in the editor and answers.
    await visit(curator, approval);
    const activities = curator.locator('#return-path-1 option[value^="activity/"]');
    const thing = await activities.first().getAttribute('value');
    await curator.selectOption('#return-path-1', thing);
    await curator.selectOption('#return-field-1', 'schedule');
    await curator.fill('#return-remark-1', 'Назовите день');
    await curator.click('button:has-text("Вернуть с замечаниями")');
    await curator.locator('.remark').waitFor();
    const key = thing.split('/')[1];
    await visit(head, `/plans/${plan}/review`);
    await head.locator(`#activity-${key} .remark-note`).getByText('Назовите день').waitFor();
    await clean(head, 'review-remarks');
    await visit(head, `/plans/${plan}/review?edit=activity-${key}&at=${key}`);
    await head.locator('.schedule-field .remark-note').waitFor();
    await head.getByLabel('Срок', { exact: true }).fill('до 15.12.2026');
    await head.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await head.getByText('Сохранено.').waitFor();
    await visit(head, approval);
    await head.locator('.remark input[name=text]').fill('День назван');
    await head.click('button:has-text("Ответить на замечание")');
    await head.getByText('есть ответ', { exact: true }).waitFor();
    await head.click('button:has-text("Отправить повторно")');

    // The curator looks at what changed, settles the remark and approves.
    await visit(curator, approval);
    await clean(curator, 'approval-answered');
    await curator.getByRole('link', { name: 'Что изменилось после возврата' }).click();
    await curator.locator('.side-by-side ins').first().waitFor();
    await clean(curator, 'compare');
    const { name, bytes } = await download(curator, curator.getByRole('link', { name: 'Excel' }));
    assert.match(name, /\.xlsx$/);
    assert.equal(bytes.subarray(0, 2).toString(), 'PK');
    await visit(curator, approval);
    await curator.click('button:has-text("Снять замечание")');
    await curator.getByText('снято', { exact: true }).waitFor();
    await curator.click('button:has-text("Одобрить")');
    await visit(head, approval);
    await head.click('button:has-text("Ввести в действие")');
    await head.getByText('Действует', { exact: true }).first().waitFor();
    const agreed = 2;

    // The municipal plan changes; the head is told, adopts one change and declines another with a reason.
    const change = async (number, schedule) => {
      await visit(coordinator, `/plans/${town}/review?edit=activity-${number}&at=${number}`);
      await coordinator.getByLabel('Срок', { exact: true }).fill(schedule);
      await coordinator.getByRole('button', { name: 'Сохранить', exact: true }).click();
      await coordinator.getByText('Сохранено.').waitFor();
    };
    await change(3, 'до 10.12.2026');
    await change(10, 'до 25.12.2026');
    await visit(head, '/work');
    await clean(head, 'my-work-upstream');
    await head.locator(`.work-items a[href="/plans/${plan}/upstream"]`).click();
    assert.equal(await head.locator('.upstream-change').count(), 2);
    await clean(head, 'upstream');
    await head.locator('#change-3').getByRole('button', { name: 'Принять' }).click();
    await head.getByText('Принято. Новую версию').waitFor();
    await head.locator('#change-10 input[name=reason]').fill('Обмен опытом уже прошёл');
    await head.locator('#change-10').getByRole('button', { name: 'Отклонить' }).click();
    await head.getByText('Отказ записан').waitFor();
    await clean(head, 'upstream-decided');

    // Meanwhile the work goes on by what is agreed.
    await visit(head, `/plans/${plan}/work`);
    await head.getByText(`Работа идёт по согласованной версии ${agreed}`).waitFor();
    await clean(head, 'work-agreed');

    // Two of the school write at once, one without JavaScript; nobody's text is lost.
    const edit = `/plans/${plan}/review?edit=activity-${key}&at=${key}`;
    await visit(head, edit);
    await visit(team, edit);
    await head.getByLabel('Ожидаемый результат').fill('Справка директора');
    await head.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await head.getByText('Сохранено.').waitFor();
    await team.getByLabel('Ожидаемый результат').fill('Справка команды');
    await team.getByLabel('Целевая группа').fill('вся школа');
    await team.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await team.getByText('это же место изменили').waitFor();
    assert.equal(await team.locator('.conflict-row').count(), 1);
    await team.getByLabel('Другой текст', { exact: true }).check();
    await team.getByLabel(/другой текст$/).fill('Справка директора и команды');
    await team.getByRole('button', { name: 'Сохранить выбранное' }).click();
    await team.getByText('Сохранено.').waitFor();
    const card = await words(team.locator(`#activity-${key}`));
    assert.match(card, /Справка директора и команды/);
    assert.match(card, /вся школа/);

    // The correction is agreed again: its reason is there already, by the change above.
    await visit(head, approval);
    await head.getByText('Причины исправления').waitFor();
    await head.click('button:has-text("Отправить на проверку")');
    await visit(curator, approval);
    await curator.getByRole('link', { name: 'Что изменилось с прошлого согласования' }).click();
    assert.match(await words(curator.locator('.side-by-side')), /Справка директора и команды/);
    await visit(curator, approval);
    await curator.click('button:has-text("Одобрить")');
    await visit(head, approval);
    await head.click('button:has-text("Ввести в действие")');
    await visit(head, `/plans/${plan}/work`);
    assert.equal(await head.getByText('Работа идёт по согласованной').count(), 0);
    await visit(head, `/plans/${plan}/history`);
    await clean(head, 'history-agreed');

    // The coordinator ends the work.
    await visit(coordinator, approval);
    await coordinator.fill('#close-text', 'Школа вышла из программы');
    await coordinator.click('button:has-text("Завершить")');
    await coordinator.getByText('Завершено', { exact: true }).first().waitFor();
    await clean(coordinator, 'approval-closed');
    await visit(head, `/plans/${plan}/work`);
    await head.getByText('Работа завершена.').waitFor();
    for (const page of [coordinator, head, team, curator]) quiet(page);
  });
});
