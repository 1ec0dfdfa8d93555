// Do people get in by a link, and does a roadmap go its way from hand to hand?
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clean, enter, fits, invite, PASSWORD, registry } from './persons.mjs';
import { DESK, handIn, order, outcomeOf, PHONE, quiet, site, visit } from './support.mjs';

describe('People and the way of a roadmap', () => {
  const opened = site();

  it('goes from hand to hand', async () => {
    await registry(opened);
    const coordinator = await enter(
      opened,
      invite(opened, 'mironova', 'Миронова Ольга', 'coordinator', 'municipality:Верхнеозёрск'),
      'mironova',
    );
    const head = await enter(opened, invite(opened, 'lapin', 'Лапин Егор', 'school-head', 'school:Школа № 4'), 'lapin');
    const curator = await enter(
      opened,
      invite(opened, 'yudina', 'Юдина Вера', 'curator', 'school:Школа № 4'),
      'yudina',
    );

    // The coordinator invites in the browser, too, and nobody gets a role in another place.
    await visit(coordinator, '/people');
    await clean(coordinator, 'people');
    await coordinator.fill('#name', 'Гость Иван');
    await coordinator.fill('#login', 'guest');
    await coordinator.selectOption('#role', 'observer');
    await coordinator.click('button:has-text("Пригласить")');
    await coordinator.getByRole('heading', { name: 'Ссылка для человека' }).waitFor();
    await clean(coordinator, 'invitation');

    // The head hands the roadmap of the school in and submits it.
    const file = await order();
    await handIn(head, [file]);
    const link = await outcomeOf(head, file.name).locator('.outcome-plan > div > a').first().getAttribute('href');
    const plan = /\/plans\/(\d+)/.exec(link)[1];
    await visit(head, `/plans/${plan}/approval`);
    await clean(head, 'approval-draft');
    await head.click('button:has-text("Отправить на проверку")');
    await head.getByText('Сейчас от вас ничего не требуется').or(head.locator('.move')).first().waitFor();

    // The curator sees it among the own work and returns it with a remark to an activity.
    await visit(curator, '/work');
    await clean(curator, 'my-work');
    await curator.locator('.work-items a').first().click();
    await curator.selectOption('#return-path-1', { index: 1 });
    await curator.fill('#return-remark-1', 'Назовите ответственного по имени');
    await curator.click('button:has-text("Вернуть с замечаниями")');
    await curator.locator('.remark').waitFor();

    // The head answers the remark and asks again; the curator approves.
    await visit(head, `/plans/${plan}/approval`);
    await clean(head, 'approval-returned');
    await head.locator('.remark input[name=text]').fill('Назначена заместитель директора');
    await head.click('button:has-text("Ответить на замечание")');
    await head.click('button:has-text("Отправить повторно")');
    await visit(curator, `/plans/${plan}/approval`);
    await curator.click('button:has-text("Одобрить")');
    await curator.getByText('ОДОБРЕНО').first().waitFor();
    await clean(curator, 'approval-approved');

    // The head tells what was done, with a file; the curator confirms it.
    await visit(head, `/plans/${plan}/work`);
    await clean(head, 'work');
    const line = head.locator('.work-line').first();
    await line.locator('summary').click();
    await line.locator('select[name=deed]').selectOption('evidence/performer');
    await line.locator('input[name=file]').setInputFiles({ name: 'протокол.txt', mimeType: 'text/plain', buffer: Buffer.from('Педсовет') });
    await line.locator('button:has-text("Записать")').click();
    await head.locator('.proofs a').first().waitFor();
    await line.locator('summary').click();
    await line.locator('select[name=deed]').selectOption('done/performer');
    await line.locator('input[name=text]').fill('Проведён педсовет');
    await line.locator('button:has-text("Записать")').click();
    await head.locator('.work-line .badge.done').first().waitFor();
    await visit(curator, `/plans/${plan}/work?state=done`);
    const waiting = curator.locator('.work-line').first();
    await waiting.locator('summary').click();
    await waiting.locator('select[name=deed]').selectOption('confirm/curator');
    await waiting.locator('button:has-text("Записать")').click();
    await visit(head, `/plans/${plan}/work?state=confirmed`);
    await head.getByText('протокол.txt').waitFor();

    // Another school sees nothing of it; without a login nobody does.
    const other = await enter(opened, invite(opened, 'other', 'Другой Пётр', 'school-head', 'school:Школа № 9'), 'other');
    await visit(other, `/plans/${plan}`, 403);
    const stranger = await opened.page();
    await visit(stranger, `/plans/${plan}`);
    assert.equal(new URL(stranger.url()).pathname, '/login');
    await clean(stranger, 'login');
    await visit(head, '/account');
    await clean(head, 'account');
    for (const page of [coordinator, head, curator]) quiet(page);
  });

  it('asks for a second step once it is turned on', async () => {
    const { createHmac } = await import('node:crypto');
    const link = invite(opened, 'second', 'Вторая Яна', 'observer', 'municipality:Верхнеозёрск');
    const page = await enter(opened, link, 'second');
    await visit(page, '/account/second-factor');
    await clean(page, 'second-factor');
    await page.setViewportSize(PHONE);
    await fits(page);
    await page.setViewportSize(DESK);
    const secret = (await page.locator('code.secret').textContent()).replaceAll(' ', '');
    assert.ok((await page.locator('a[href^="otpauth:"]').getAttribute('href')).includes(secret));
    await page.fill('#code', code(createHmac, secret));
    await page.click('button:has-text("Включить второй шаг")');
    const recovery = await page.locator('.codes code').first().textContent();
    await page.click('text=Коды сохранены');
    await visit(page, '/account');
    await page.click('button:has-text("Выйти")');
    await page.fill('#login', 'second');
    await page.fill('#password', PASSWORD);
    await page.click('button:has-text("Войти")');
    await page.getByRole('heading', { name: 'Второй шаг входа' }).waitFor();
    await clean(page, 'login-code');
    await visit(page, '/plans');
    assert.equal(new URL(page.url()).pathname, '/login', 'half a login opens nothing');
    await visit(page, '/login/code');
    await page.fill('#code', '000000');
    await page.click('button:has-text("Продолжить")');
    await page.locator('#code-wrong').waitFor();
    await page.fill('#code', recovery);
    await page.click('button:has-text("Продолжить")');
    await page.waitForURL('**/');
  });
});

// RFC 6238 over the secret in Base32.
function code(createHmac, secret) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const letter of secret.replace(/=+$/, '')) bits += alphabet.indexOf(letter).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash.at(-1) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
