// Can everything be done by the keyboard alone, and is it always seen where one is?
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { order, photograph, plan, quiet, site, visit } from './support.mjs';

describe('the keyboard alone', () => {
  const opened = site();
  let page;
  let id;

  before(async () => {
    page = await opened.page();
    id = await plan(page, await order());
  });

  // What has the focus: its words, and whether a person sees that it has it.
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement;
      const box = element.getBoundingClientRect();
      // A control drawn by its label or by the box around it shows the focus there.
      const drawn = [element, element.parentElement, ...(element.labels ?? [])];
      const marked = drawn.some((each) => {
        const style = getComputedStyle(each);
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        return outlined || style.boxShadow !== 'none';
      });
      const words = element.getAttribute('aria-label') ?? element.textContent.trim();
      return {
        tag: element.tagName.toLowerCase(),
        id: element.id,
        name: (words || element.labels?.[0]?.textContent || '').replace(/\s+/g, ' '),
        marked,
        seen: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight,
      };
    });

  // Presses Tab until `wanted` has the focus; every stop on the way must be seen.
  async function tabTo(wanted, most = 60) {
    for (let stop = 0; stop < most; stop += 1) {
      await page.keyboard.press('Tab');
      const now = await focused();
      assert.notEqual(now.tag, 'body', `the focus is lost before ${wanted}`);
      assert.ok(now.seen, `out of sight: ${JSON.stringify(now)}`);
      assert.ok(now.marked, `the focus is not seen: ${JSON.stringify(now)}`);
      if (wanted.test(now.name) || wanted.test(`#${now.id}`)) return now;
    }
    assert.fail(`${wanted} is not reached by ${most} tabs`);
  }

  test('the skip link comes first and leads to the content', async () => {
    for (const address of ['/', '/plans', `/plans/${id}`, `/plans/${id}/review`, '/upload', '/rules', '/nowhere']) {
      await page.goto(address);
      await page.keyboard.press('Tab');
      const link = await focused();
      assert.equal(link.name, 'К содержанию', address);
      assert.ok(link.seen && link.marked, `${address}: ${JSON.stringify(link)}`);
    }
    await visit(page, '/plans');
    await page.keyboard.press('Tab');
    await photograph(page, '40-skip-link');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.closest('main') !== null), 'the next stop is in main');
  });

  test('the navigation, the search and the upload are reached in the order in which they stand', async () => {
    await visit(page, '/');
    for (const wanted of [/^Опора$/, /^Моя работа$/, /^Сводка$/, /^Планы$/, /^Школы$/, /^Календарь$/, /^#site-search$/, /^Загрузить$/, /^Тема/]) {
      await tabTo(wanted, 4);
    }
    // Asked for before the way there: the browser needs a moment to hand its dialogs to the test.
    const dialog = page.waitForEvent('filechooser');
    await tabTo(/^Выбрать файлы$/, 30);
    await page.keyboard.press('Enter');
    assert.ok((await dialog).isMultiple());
  });

  test('a filter is opened, chosen and applied; Escape closes a menu', async () => {
    await visit(page, `/plans/${id}`);
    await tabTo(/^Школа/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('details.menu[open]').count(), 0);
    assert.match((await focused()).name, /^Школа/, 'the focus comes back to the menu');
    await page.keyboard.press('Enter');
    await tabTo(/№ 2/, 2);
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByText(/^4 из 12/).waitFor();
    const now = await focused();
    assert.notEqual(now.tag, 'body', 'the focus survives the change of the table');
  });

  test('a whole edit: from the plan to the form, back with a saved version', async () => {
    await visit(page, `/plans/${id}`);
    await tabTo(/^Проверка источника$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/review$/);
    await page.locator('#activity-2').getByRole('link', { name: 'Изменить 1.2' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/edit=activity-2/);
    await page.getByLabel('Номер', { exact: true }).focus();
    await tabTo(/^#edit-schedule$/, 6);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('27.11.2026');
    await tabTo(/^Сохранить$/, 10);
    await page.keyboard.press('Enter');
    await page.getByText('Сохранено.').waitFor();
    assert.match(await page.locator('#activity-2').textContent(), /27 ноября 2026/);
  });

  test('every stop of every page is seen', async () => {
    for (const tail of ['', '/timeline', '/calendar', '/findings', '/history', '/activities/2']) {
      await visit(page, `/plans/${id}${tail}`);
      for (let stop = 0; stop < 45; stop += 1) {
        await page.keyboard.press('Tab');
        const now = await focused();
        if (now.tag === 'body') break;
        assert.ok(now.seen && now.marked, `${tail || 'plan'}: ${JSON.stringify(now)}`);
      }
    }
  });

  test('nothing went wrong out of sight', () => quiet(page));
});
