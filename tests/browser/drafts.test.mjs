// Is nothing lost of a protocol and of minutes that nobody has saved: when the browser closes, in two tabs, after a
// refusal?
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { clean, fits, PASSWORD, person, registry } from './persons.mjs';
import { PHONE, photograph, quiet, site, tab, visit } from './support.mjs';

const TOLD = '[data-draft-state]:not([hidden])';

describe('Drafts of protocols and minutes', () => {
  const opened = site();
  let curator;
  let coordinator;

  before(async () => {
    await registry(opened);
    await person(opened, 'lapin', 'Лапин Егор', 'school-head', 'school:Школа № 4');
    curator = await person(opened, 'yudina', 'Юдина Вера', 'curator', 'school:Школа № 4');
    coordinator = await person(opened, 'mironova', 'Миронова Ольга', 'coordinator', 'municipality:Верхнеозёрск');
  });

  // A visit that took place on a day, with its protocol open.
  async function held(aim, day) {
    await visit(curator, '/schools/1/visits');
    await curator.selectOption('#what', 'held');
    await curator.fill('#on', day);
    await curator.fill('#aim', aim);
    await curator.click('button:has-text("Записать посещение")');
    await curator.waitForSelector('#q-with-whom');
    return new URL(curator.url()).pathname;
  }

  // The same person after the browser was closed: what a browser keeps, and nothing of the pages.
  async function again(page, address) {
    const storageState = await page.context().storageState();
    await page.context().close();
    const back = await opened.page({ storageState });
    await visit(back, address);
    return back;
  }

  it('come back after the browser was closed, and go once they are saved', async () => {
    const address = await held('Поговорить о плане', '2026-11-18');
    await curator.fill('#q-with-whom', 'Руководитель');
    await curator.check('input[name=q-team][value=yes]');
    await curator.fill('#task-1-text', 'Обновить график');
    await curator.locator(TOLD).waitFor();
    curator = await again(curator, address);
    await curator.locator(TOLD, { hasText: 'Возвращено несохранённое с этого компьютера, полей: 3' }).waitFor();
    assert.equal(await curator.inputValue('#q-with-whom'), 'Руководитель');
    assert.ok(await curator.isChecked('input[name=q-team][value=yes]'));
    // Half a task can't be saved; it is kept all the same.
    assert.equal(await curator.inputValue('#task-1-text'), 'Обновить график');
    await clean(curator, 'draft-protocol');
    await curator.click('button:has-text("Сохранить")');
    await curator.locator('.notice').getByText('нет срока').waitFor();
    curator = await again(curator, address);
    assert.equal(await curator.inputValue('#task-1-text'), 'Обновить график', 'a refused form is still a draft');
    await curator.selectOption('#task-1-who', { label: 'Лапин Егор, руководитель школы' });
    await curator.fill('#task-1-due', '2026-12-05');
    await curator.click('button:has-text("Сохранить")');
    await curator.getByText('Сохранено: Юдина Вера').waitFor();
    assert.equal(await curator.evaluate(() => localStorage.length), 0, 'nothing stays on the computer');
    assert.equal(await curator.inputValue('#task-1-text'), 'Обновить график');
    assert.equal(await curator.inputValue('#task-2-text'), '', 'what moved up is not there twice');
    quiet(curator);
  });

  it('of two tabs join, and stand side by side where both have typed', async () => {
    const address = await held('Посмотреть уроки', '2026-11-19');
    const second = await tab(curator, opened.base);
    await visit(second, address);
    await curator.fill('#q-with-whom', 'Руководитель');
    await second.waitForFunction(() => document.querySelector('#q-with-whom').value === 'Руководитель');
    await second.fill('#q-lessons-visited', '3');
    await curator.waitForFunction(() => document.querySelector('#q-lessons-visited').value === '3');
    // Both in one field.
    await second.fill('#q-with-whom', 'Завуч');
    await curator.getByText('В другой вкладке здесь написано: «Завуч»').waitFor();
    assert.equal(await curator.inputValue('#q-with-whom'), 'Руководитель');
    await curator.fill('#q-help-needed', 'Методист');
    // The first tab saves; the second one is refused and told what was saved, and loses nothing.
    await curator.click('button:has-text("Сохранить")');
    await curator.getByText('Сохранено: Юдина Вера').waitFor();
    await second.fill('#q-help-needed', 'Психолог');
    await second.click('button:has-text("Сохранить")');
    await second.getByText('Записано другими, а в вашей форме этого нет').waitFor();
    await second.locator('dd', { hasText: 'Методист' }).first().waitFor();
    assert.equal(await second.inputValue('#q-help-needed'), 'Психолог');
    assert.equal(await second.inputValue('#q-with-whom'), 'Завуч');
    await clean(second, 'draft-two-tabs');
    await second.click('button:has-text("Сохранить")');
    await second.getByText('Сохранено: Юдина Вера').waitFor();
    assert.equal(await second.inputValue('#q-help-needed'), 'Психолог');
  });

  it('of minutes are kept, and can be put away', async () => {
    await visit(coordinator, '/meetings');
    await coordinator.click('button:has-text("Назначить и составить повестку")');
    await coordinator.waitForSelector('#present');
    const address = new URL(coordinator.url()).pathname;
    const before = await coordinator.inputValue('#item-1-heard');
    await coordinator.fill('#present', 'Миронова, Юдина');
    await coordinator.fill('#item-1-heard', 'Миронову о посещениях');
    await coordinator.locator(TOLD).waitFor();
    coordinator = await again(coordinator, address);
    assert.equal(await coordinator.inputValue('#item-1-heard'), 'Миронову о посещениях');
    await clean(coordinator, 'draft-minutes');
    await coordinator.click('button:has-text("Убрать возвращённое")');
    assert.equal(await coordinator.inputValue('#present'), '');
    assert.equal(await coordinator.inputValue('#item-1-heard'), before);
    coordinator = await again(coordinator, address);
    assert.equal(await coordinator.locator(TOLD).count(), 0);
    quiet(coordinator);
  });

  it('are of one person: another one at the same computer sees nothing of them', async () => {
    const address = await held('Передать дела', '2026-11-20');
    await curator.fill('#q-with-whom', 'Только моё');
    await curator.locator(TOLD).waitFor();
    const other = await person(opened, 'vlasov', 'Власов Илья', 'curator', 'school:Школа № 4');
    const origins = (await curator.context().storageState()).origins;
    const { cookies } = await other.context().storageState();
    const page = await opened.page({ storageState: { cookies, origins } });
    await visit(page, address);
    const field = page.locator('#q-with-whom');
    assert.equal((await field.count()) ? await field.inputValue() : '', '');
  });

  it('comes back from any form that was sent after the session had ended', async () => {
    const page = await person(opened, 'belova', 'Белова Анна', 'curator', 'school:Школа № 4', { javaScriptEnabled: false });
    await visit(page, '/schools/1/visits');
    await page.fill('#aim', 'Поговорить о <b>чтении</b>');
    await page.context().clearCookies();
    await page.click('button:has-text("Записать посещение")');
    await page.getByRole('heading', { name: 'Нужно войти' }).waitFor();
    await page.locator('.typed').getByText('Поговорить о <b>чтении</b>').waitFor();
    await photograph(page, 'form-given-back');
    await page.setViewportSize(PHONE);
    await fits(page);
    const [door] = await Promise.all([page.waitForEvent('popup'), page.click('text=Войти в новой вкладке')]);
    await door.fill('#login', 'belova');
    await door.fill('#password', PASSWORD);
    await door.click('button:has-text("Войти")');
    await door.waitForURL('**/schools/1/visits');
    await page.click('button:has-text("Отправить ещё раз")');
    await page.getByText('Поговорить о <b>чтении</b>').first().waitFor();
    assert.match(page.url(), /visits/);
    assert.equal(await page.getByRole('heading', { name: 'Нужно войти' }).count(), 0);
  });
});
