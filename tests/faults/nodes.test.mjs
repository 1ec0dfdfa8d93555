// Two servers on one PostgreSQL and one store of results, and a database that goes away for a while.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { kill, opora, serve } from '../browser/support.mjs';
import { ask, folder, handIn, opened, plans } from './people.mjs';

const SCRIPT = fileURLToPath(new URL('../../scripts/postgres.sh', import.meta.url));

function postgres(verb, place) {
  const said = execFileSync('bash', [SCRIPT, verb, place], { encoding: 'utf8' });
  return said.trim().split('\n').pop();
}

describe('two nodes', () => {
  const site = {};
  before(async () => {
    site.data = await folder();
    site.place = join(site.data, 'postgres');
    const words = ['--database', postgres('start', site.place), '--results', join(site.data, 'results')];
    site.words = words;
    site.nodes = [serve(join(site.data, 'one'), { words }), serve(join(site.data, 'two'), { words })];
    [site.one, site.two] = await Promise.all(site.nodes.map((node) => node.base));
  });
  after(async () => {
    await Promise.all((site.nodes ?? []).map(kill));
    if (site.place) postgres('stop', site.place);
  });

  test('what one takes in the other shows at once', async () => {
    assert.match((await handIn(site.one, 1)).text, /Прочитан/);
    assert.deepEqual(await plans(site.two), [1]);
    assert.doesNotMatch((await handIn(site.two, 1)).text, /Прочитан/, 'the same order is known to both');
  });

  test('of two decisions at once one counts, and what is kept in memory follows', async () => {
    const page = (base) => opened(base, '/plans/1/approval', 'value="submit"', { action: 'submit' });
    const both = await Promise.all([page(site.one), page(site.two)]);
    const answers = await Promise.all(both.map((send) => send()));
    const done = answers.filter((answer) => answer?.status === 303).length;
    assert.equal(done, 1, `${answers.map((answer) => answer?.status)}`);
    for (const base of [site.one, site.two]) {
      assert.match((await ask(`${base}/plans/1/approval`)).text, /На проверке/);
      assert.match((await ask(`${base}/work`)).text, /согласовать/, 'both show whose move it is');
    }
  });

  test('results that one loads the other counts', async () => {
    const country = join(site.data, 'country');
    opora(site.data, 'simulate', country, '--schools', '12', '--years', '1');
    const place = ['--data', join(site.data, 'one'), ...site.words];
    opora(undefined, 'org', 'import', join(country, 'registry.csv'), ...place);
    const before = (await ask(`${site.two}/schools`)).text;
    assert.match((await ask(`${site.two}/data`)).text, /12|школ/);
    const rows = readdirSync(join(country, 'rows')).map((file) => join(country, 'rows', file));
    opora(undefined, 'results', 'add', ...rows, ...place);
    const shown = (await ask(`${site.two}/schools`)).text;
    assert.notEqual(shown, before, 'the other node notices');
    assert.equal((await ask(`${site.one}/schools`)).text, shown, 'and both say the same');
  });

  test('the database goes away and comes back', async () => {
    postgres('pause', site.place);
    const away = await ask(`${site.one}/plans`);
    assert.ok(away && away.status >= 500, `it is told, not hidden: ${JSON.stringify(away)}`);
    assert.match(away.text, /[А-Яа-я]{4}/);
    assert.doesNotMatch(away.text, /sqlx|panicked|Connection refused/i);
    assert.equal((await handIn(site.two, 2))?.text.includes('Прочитан'), false, 'nothing is confirmed meanwhile');
    postgres('start', site.place);
    for (let tries = 0; (await ask(`${site.one}/plans`)).status !== 200; tries += 1) assert.ok(tries < 100);
    assert.match((await handIn(site.two, 2)).text, /Прочитан/);
    assert.deepEqual(await plans(site.one), [1, 2]);
  });
});
