// What if the file is not what it should be? Each says what, why and how to mend it, and the server goes on.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { docx, handIn, order, outcomeOf, photograph, quiet, site, visit, words } from './support.mjs';

const file = (name, bytes) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });

// The letters of Windows, as old programs still write them.
function cp1251(text) {
  const special = { '№': 0xb9, 'ё': 0xb8, 'Ё': 0xa8, '«': 0xab, '»': 0xbb, '–': 0x96, '—': 0x97 };
  return Buffer.from([...text].map((letter) => {
    const code = letter.codePointAt(0);
    if (code >= 0x410 && code <= 0x44f) return code - 0x410 + 0xc0;
    return special[letter] ?? code;
  }));
}

// A PDF that asks for a password: the standard handler of the format, with keys of nobody.
function lockedPdf() {
  const parts = ['%PDF-1.4\n'];
  const offsets = [];
  const add = (text) => {
    offsets.push(parts.join('').length);
    parts.push(`${offsets.length} 0 obj\n${text}\nendobj\n`);
  };
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add('<< /Type /Pages /Kids [3 0 R] /Count 1 >>');
  add('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>');
  add(`<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <${'a5'.repeat(32)}> /U <${'5a'.repeat(32)}> >>`);
  const start = parts.join('').length;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const id = '00112233445566778899aabbccddeeff';
  parts.push(`xref\n0 5\n0000000000 65535 f \n${rows}`);
  parts.push(`trailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<${id}><${id}>] >>\nstartxref\n${start}\n%%EOF\n`);
  return parts.join('');
}

// A picture without a word in it, painted by the browser.
async function picture(page) {
  await visit(page, '/');
  const painted = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 480];
    const brush = canvas.getContext('2d');
    brush.fillStyle = '#7fb069';
    brush.fillRect(0, 0, 640, 480);
    brush.fillStyle = '#e07a5f';
    brush.arc(320, 240, 150, 0, 7);
    brush.fill();
    return canvas.toDataURL('image/png').split(',')[1];
  });
  return Buffer.from(painted, 'base64');
}

const withoutTable = (text) => text.split('№ п/п')[0];
const withoutHead = (text) => text.split('\n').filter((line) => !line.startsWith('№ п/п')).join('\n');

describe('bad input', () => {
  const opened = site();
  let page;

  before(async () => {
    page = await opened.page();
  });

  async function alive() {
    const answer = await page.request.get(`${opened.base}/health`);
    assert.equal(answer.status(), 200, 'the server goes on');
  }

  // A refusal in three parts, in Russian, without the words of programmers.
  async function refused(handed, expected) {
    await handIn(page, [handed]);
    const outcome = outcomeOf(page, handed.name);
    const text = await words(outcome);
    assert.match(text, /Не принят/, text);
    assert.match(text, expected);
    const what = await words(outcome.locator('strong'));
    const more = await words(outcome.locator('p').last());
    assert.match(what, /^[А-ЯЁ]/, 'what happened');
    const sentences = more.split(/[.;:] /).filter((sentence) => sentence.length > 10);
    assert.ok(sentences.length >= 2, `why and what next: ${more}`);
    assert.doesNotMatch(`${what} ${more}`, /error|invalid|panic|Some\(|None|failed|unexpected/i);
    await alive();
    return `${what} ${more}`;
  }

  test('an empty file', () => refused(file('Пустой.docx', ''), /пуст/i));

  test('nothing but spaces', () => refused(file('Пробелы.txt', '  \n\n \t \n'), /пуст|не наш|нет текста/i));

  test('a document that was cut off', async () => {
    const { buffer } = await docx();
    await refused(file('Половина.docx', buffer.subarray(0, buffer.length / 2)), /поврежд|обрыва/i);
  });

  test('bytes of nothing known', async () => {
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919 + (index >> 3)) % 256));
    await refused(file('Неизвестно.pdf', noise), /формат|поврежд|не PDF|вид/i);
  });

  test('a PDF with a password', () => refused(file('Закрыт.pdf', lockedPdf()), /парол/i));

  test('a picture without text', async () => {
    const answer = await refused(file('Фото.png', await picture(page)), /текст|распозна/i);
    assert.doesNotMatch(answer, /поврежд/i);
  });

  test('a picture that says it is a document is known by its content', async () => {
    await refused(file('Приказ.docx', await picture(page)), /текст|распозна/i);
  });

  test('an order with no table', async () => {
    const handed = await order('Только приказ.txt', withoutTable);
    await refused(handed, /нет ни одной таблицы.*Приложите/s);
    await photograph(page, '50-no-table');
  });

  test('a page that is no order at all', async () => {
    const markup = '<html><body><script>alert(1)</script><p>Расписание автобусов</p></body></html>';
    await refused(file('Страница.html', markup), /таблиц/i);
  });

  test('a text under the name of a document is read as a text', async () => {
    await handIn(page, [await order('Под чужим именем.docx', (text) => text.replaceAll('96-О', '97-О'))]);
    assert.match(await words(outcomeOf(page, 'Под чужим именем.docx')), /Прочитан.*12 мероприятий/s);
  });

  test('a text in the letters of Windows is read', async () => {
    const { buffer } = await order();
    await handIn(page, [file('Старая кодировка.txt', cp1251(buffer.toString()))]);
    const outcome = outcomeOf(page, 'Старая кодировка.txt');
    assert.match(await words(outcome), /Прочитан.*План мероприятий по поддержке школ.*12 мероприятий/s);
  });

  test('a table with no head is read by what it holds', async () => {
    const name = 'Без шапки.txt';
    await handIn(page, [await order(name, withoutHead)]);
    assert.match(await words(outcomeOf(page, name)), /Прочитан.*12 мероприятий/s);
  });

  test('two plans in one file become two plans', async () => {
    const name = 'Два плана.txt';
    const second = (text) => {
      const plan = text.slice(text.indexOf('План мероприятий по поддержке', text.indexOf('Приложение')));
      return `${text}\n\nПриложение 2\nк приказу отдела образования\nот 24.08.2026 № 96-О\n\n${plan.replace('План мероприятий по поддержке школ с низкими результатами обучения', 'План работы школ-наставников')}`;
    };
    await handIn(page, [await order(name, second)]);
    const plans = outcomeOf(page, name).locator('.outcome-plan');
    assert.equal(await plans.count(), 2, await words(outcomeOf(page, name)));
    assert.match(await words(plans.nth(1)), /План работы школ-наставников/);
    await photograph(page, '51-two-plans');
  });

  test('one bad file among good ones spoils nothing', async () => {
    const good = await order('Хороший.txt', (text) => text.replaceAll('96-О', '98-О'));
    await handIn(page, [file('Плохой 1.pdf', '%PDF-1.7 …'), good, file('Плохой 2.xlsx', 'PK')]);
    assert.match(await words(outcomeOf(page, 'Хороший.txt')), /Прочитан/);
    assert.match(await words(outcomeOf(page, 'Плохой 1.pdf')), /Не принят/);
    assert.match(await words(outcomeOf(page, 'Плохой 2.xlsx')), /Не принят/);
    await photograph(page, '52-good-and-bad');
  });

  test('markup in an order is shown as text', async () => {
    const name = '<img src=x onerror=alert(1)>.txt';
    const markup = '<script>document.title = 1</script><img src=x onerror="document.title = 1">';
    const nasty = (text) => text.replace('Семинар для учителей физики', `Семинар ${markup}`);
    await handIn(page, [await order(name, nasty)]);
    const link = outcomeOf(page, name).locator('.outcome-plan a').first();
    const address = await link.getAttribute('href');
    for (const tail of ['', '/review', '/activities/7', '/timeline', '/calendar', '/print']) {
      await visit(page, `${address}${tail}`);
      assert.match(await page.locator('main').textContent(), /Семинар <script>/, tail);
      assert.equal(await page.locator('main script, main img').count(), 0, tail);
      assert.notEqual(await page.title(), '1', tail);
    }
    await visit(page, '/journal');
    assert.equal(await page.locator('main img').count(), 0);
  });

  test('addresses that nobody should type', async () => {
    for (const address of ['/plans/-1', '/plans/99999999999999999999', '/plans/1/activities/77777', '/rules/ZZZ', '/files/nothing']) {
      const answer = await page.goto(address);
      assert.ok(answer.status() === 404 || answer.status() === 400, `${address}: ${answer.status()}`);
      assert.match(await page.locator('main h1').textContent(), /[а-яё]/i);
    }
    for (const address of ['/plans/1?page=99999999999', '/plans/1/calendar?month=9999-99', '/plans/1/timeline?zoom=%00', '/plans/1/review?edit=delete-9999&page=-1', '/calendar?month=0000-01', '/calendar?month=9999-12', '/search?q=%FF%FE', '/plans?page=99999999999999']) {
      const answer = await page.goto(address);
      assert.ok(answer.status() < 500, `${address}: ${answer.status()}`);
    }
    await alive();
  });

  test('nothing went wrong out of sight', () => quiet(page));
});
