// Can everyone use every page: no violation found by axe, in light and dark, at a desk, zoomed and on a telephone?
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { overflow, violations } from './looks.mjs';
import {
  DESK, PHONE, ZOOMED, docx, handIn, order, photograph, plan, quiet, site, tab, visit,
} from './support.mjs';

// Narrower than any telephone: a desk at 400 % of zoom.
const NARROW = { width: 320, height: 640 };
const BROKEN = { name: 'Обрывок.docx', mimeType: 'application/octet-stream', buffer: Buffer.from('PK\u0003\u0004…') };

// Every page by name: `(page, id of the plan) → the page as it is looked at`.
const pages = {
  home: (page) => visit(page, '/'),
  upload: (page) => visit(page, '/upload'),
  'upload-outcomes': async (page) => handIn(page, [await order(), BROKEN]),
  'upload-nothing': async (page) => {
    await visit(page, '/upload');
    await page.evaluate(() => document.querySelector('form.drop-zone').submit());
    await page.getByText('Файл не выбран').waitFor();
  },
  plans: (page) => visit(page, '/plans'),
  'plans-none-found': (page) => visit(page, '/plans?q=дирижабль'),
  archive: (page) => visit(page, '/plans?archive=1'),
  'archive-question': (page, id) => visit(page, `/plans/${id}/archive`),
  plan: (page, id) => visit(page, `/plans/${id}`),
  'plan-menu': async (page, id) => {
    await visit(page, `/plans/${id}?state=past&q=школ`);
    await page.locator('summary', { hasText: 'Месяц' }).click();
  },
  'plan-none-found': (page, id) => visit(page, `/plans/${id}?q=дирижабль`),
  print: (page, id) => visit(page, `/plans/${id}/print`),
  review: (page, id) => visit(page, `/plans/${id}/review`),
  'review-doubtful': (page, id) => visit(page, `/plans/${id}/review?only=doubtful`),
  'review-edit': (page, id) => visit(page, `/plans/${id}/review?edit=activity-9&at=9`),
  'review-act': (page, id) => visit(page, `/plans/${id}/review?edit=act`),
  'review-section': (page, id) => visit(page, `/plans/${id}/review?edit=section-1`),
  'review-plan': (page, id) => visit(page, `/plans/${id}/review?edit=plan`),
  'review-programme': (page, id) => visit(page, `/plans/${id}/review?edit=programme`),
  'review-indicators': (page, id) => visit(page, `/plans/${id}/review?edit=indicators`),
  'review-participants': (page, id) => visit(page, `/plans/${id}/review?edit=participants`),
  'review-new-section': (page, id) => visit(page, `/plans/${id}/review?edit=addsection-2`),
  'review-add': (page, id) => visit(page, `/plans/${id}/review?edit=add-1`),
  'review-delete': (page, id) => visit(page, `/plans/${id}/review?edit=delete-9&at=9`),
  'review-refused': async (page, id) => {
    await visit(page, `/plans/${id}/review?edit=activity-9&at=9`);
    await page.getByLabel('Мероприятие', { exact: true }).fill('');
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await page.getByText('Не сохранено').waitFor();
  },
  'review-folds': async (page, id) => {
    await visit(page, `/plans/${id}/review`);
    await page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
  },
  findings: (page, id) => visit(page, `/plans/${id}/findings`),
  'findings-by-place': (page, id) => visit(page, `/plans/${id}/findings?by=place&level=note`),
  'findings-suppress': async (page, id) => {
    await visit(page, `/plans/${id}/findings`);
    await page.locator('summary', { hasText: 'Снять замечание' }).first().click();
  },
  timeline: (page, id) => visit(page, `/plans/${id}/timeline`),
  'timeline-table': async (page, id) => {
    await visit(page, `/plans/${id}/timeline?zoom=months`);
    await page.getByText('Те же данные таблицей').click();
  },
  calendar: (page, id) => visit(page, `/plans/${id}/calendar?month=2026-12`),
  'calendar-empty': (page, id) => visit(page, `/plans/${id}/calendar?month=2031-07`),
  'calendar-all': (page) => visit(page, '/calendar'),
  'calendar-list': (page) => visit(page, '/calendar?month=2026-11&list=longer'),
  activity: (page, id) => visit(page, `/plans/${id}/activities/9`),
  history: (page, id) => visit(page, `/plans/${id}/history`),
  rules: (page) => visit(page, '/rules'),
  rule: (page) => visit(page, '/rules/D101'),
  'search-hits': (page) => visit(page, '/search?q=семинаром'),
  'search-none': (page) => visit(page, '/search?q=дирижабль'),
  'search-start': (page) => visit(page, '/search'),
  journal: (page) => visit(page, '/journal'),
  'not-found': (page) => visit(page, '/nowhere', 404),
  'no-such-plan': (page) => visit(page, '/plans/999999', 404),
};

// Rules that can say something else of the same page in other colours.
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

const walks = { 1280: { viewport: DESK }, 390: { viewport: PHONE, hasTouch: true } };

describe('every page for everyone', () => {
  const opened = site();
  let id;

  before(async () => {
    const page = await opened.page();
    await visit(page, '/');
    assert.deepEqual(await violations(page), [], 'the first visit');
    assert.deepEqual(await overflow(page), { over: 0, culprits: [] });
    id = await plan(page, await order());
    await handIn(page, [await docx()]);
    // A version, a suppressed finding and an archived plan, so that no page is empty.
    await visit(page, `/plans/${id}/review?edit=activity-4&at=4`);
    await page.getByLabel('Ожидаемый результат').fill('Рисковый профиль каждой школы');
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await visit(page, `/plans/${id}/findings`);
    const finding = page.locator('.finding-group', { hasText: 'D107' });
    await finding.locator('summary', { hasText: 'Снять замечание' }).click();
    await finding.getByRole('textbox').fill('Срок назначит координатор');
    await finding.getByRole('button', { name: 'Снять', exact: true }).click();
    const old = await order('Старый приказ.txt', (text) => text.replaceAll('96-О', '41-О'));
    const archived = await plan(page, old);
    await visit(page, `/plans/${archived}/archive`);
    await page.getByLabel('Причина').fill('Заменён новым приказом');
    await page.getByRole('button', { name: 'Убрать в архив' }).click();
    await page.context().close();
  });

  for (const [width, options] of Object.entries(walks)) {
    test(`axe finds nothing at ${width} px, in light and in dark`, async (context) => {
      for (const [name, show] of Object.entries(pages)) {
        await context.test(name, async () => {
          const page = await opened.page({ ...options, colorScheme: 'light' });
          try {
            await show(page, id);
            await photograph(page, `${name}-${width}-light`);
            assert.deepEqual(await violations(page), []);
            assert.deepEqual(await overflow(page), { over: 0, culprits: [] });
            await page.emulateMedia({ colorScheme: 'dark' });
            await photograph(page, `${name}-${width}-dark`);
            assert.deepEqual(await violations(page, COLOUR_RULES), [], 'in dark');
            quiet(page);
          } finally {
            await page.context().close();
          }
        });
      }
    });
  }

  for (const [name, viewport] of Object.entries({ '200 % of zoom': ZOOMED, '400 % of zoom': NARROW })) {
    test(`no page scrolls sideways at ${name}`, async () => {
      const page = await opened.page({ viewport });
      const wide = {};
      for (const [each, show] of Object.entries(pages)) {
        await show(page, id);
        const { over, culprits } = await overflow(page);
        if (over > 0) wide[each] = { over, culprits };
      }
      assert.deepEqual(wide, {});
      await page.context().close();
    });
  }

  test('a conflict can be read by everyone', async () => {
    const page = await opened.page();
    const other = await tab(page, opened.base);
    for (const each of [page, other]) await visit(each, `/plans/${id}/review?edit=activity-5&at=5`);
    for (const each of [page, other]) {
      await each.getByLabel('Целевая группа').fill(each === page ? 'учителя' : 'руководители');
      await each.getByRole('button', { name: 'Сохранить', exact: true }).click();
      await each.getByText(each === page ? 'Сохранено.' : 'это же место изменили').waitFor();
    }
    assert.deepEqual(await violations(other), []);
    await page.context().close();
  });

  test('the theme that was chosen is the theme that is shown, on this page and on the next', async () => {
    const page = await opened.page({ colorScheme: 'light' });
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await visit(page, '/plans');
    const light = await background();
    await page.getByRole('button', { name: /Включить светлую/ }).click();
    assert.equal(await background(), light);
    await page.getByRole('button', { name: /Включить тёмную/ }).click();
    const dark = await background();
    assert.notEqual(dark, light);
    await visit(page, '/rules');
    assert.equal(await background(), dark);
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  });

  test('these tests see what they look for', async () => {
    const page = await opened.page({ viewport: PHONE });
    await visit(page, '/plans');
    await page.evaluate(() => {
      const picture = new Image(1000, 10);
      picture.src = 'http://127.0.0.2:9/picture.png';
      document.querySelector('main').append(picture);
      console.error('something is wrong');
    });
    assert.deepEqual((await violations(page)).map((each) => each.id), ['image-alt']);
    assert.ok((await overflow(page)).over > 500);
    await page.waitForTimeout(200);
    const trouble = page.trouble.join('\n');
    assert.match(trouble, /something is wrong/);
    assert.match(trouble, /violates the following Content Security Policy/);
    await page.context().close();
  });
});
