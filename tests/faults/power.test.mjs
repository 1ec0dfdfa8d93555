// The power goes, the disk is full, the database is away: nothing that was confirmed is lost, nothing is there twice.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { kill, opora, serve } from '../browser/support.mjs';
import { ask, fill, folder, handIn, plans } from './people.mjs';

const MANY = 24;

// Waits until so many answers have come, then cuts the power.
async function cutAfter(server, answers, count) {
  let come = 0;
  for (const answer of answers) answer.then(() => (come += 1));
  while (come < count) await sleep(1);
  await kill(server);
  return Promise.all(answers);
}

describe('the power goes while orders are taken in', () => {
  test('what was confirmed is there, nothing is there twice, and the rest can be handed in again', async () => {
    const data = await folder();
    const first = serve(data);
    const base = await first.base;
    const numbers = Array.from({ length: MANY }, (_, at) => at + 1);
    const answers = await cutAfter(first, numbers.map((number) => handIn(base, number)), MANY / 3);
    const confirmed = numbers.filter((_, at) => answers[at]?.text.includes('Прочитан'));
    assert.ok(confirmed.length < MANY, 'the power went before everything was taken in');

    const second = serve(data);
    try {
      const again = await second.base;
      opora(data, 'audit', 'verify');
      const kept = await plans(again);
      assert.ok(kept.length >= confirmed.length, `${kept.length} plans of ${confirmed.length} confirmed`);
      for (const number of numbers) {
        const answer = await handIn(again, number);
        assert.equal(answer?.status, 200);
        if (confirmed.includes(number)) assert.doesNotMatch(answer.text, /Прочитан/, `order ${number} was there`);
      }
      assert.equal((await plans(again)).length, MANY);
    } finally {
      await kill(second);
    }
  });
});

describe('the power goes while roadmaps are agreed', () => {
  test('each act is recorded once or not at all, and whoever clicks again is told kindly', async () => {
    const data = await folder();
    const first = serve(data);
    const base = await first.base;
    for (let number = 1; number <= MANY; number += 1) await handIn(base, number);
    const ids = await plans(base);
    const submit = (at, id) => fill(at, `/plans/${id}/approval`, 'value="submit"', { action: 'submit' });
    const answers = await cutAfter(first, ids.map((id) => submit(base, id)), MANY / 3);

    const second = serve(data);
    try {
      const again = await second.base;
      opora(data, 'audit', 'verify');
      for (const [at, id] of ids.entries()) {
        const page = await ask(`${again}/plans/${id}/approval`);
        const isThere = page.text.includes('На проверке');
        if (answers[at]?.status === 303) assert.ok(isThere, `the confirmed act about plan ${id} is there`);
        if (!isThere) assert.equal((await submit(again, id)).status, 303, `plan ${id} can be submitted now`);
      }
    } finally {
      await kill(second);
    }
  });
});

describe('the disk is full', () => {
  test('nothing is written, everything can be read, and it goes on when there is room', async () => {
    const data = await folder();
    const first = serve(data);
    await handIn(await first.base, 1);
    await kill(first);
    // No file may grow beyond a megabyte, as on a disk without room: the write fails, the program does not.
    const full = serve(data, { under: "trap '' XFSZ; ulimit -f 1024" });
    try {
      const base = await full.base;
      let refused;
      for (let number = 2; number < 60 && !refused; number += 1) {
        const answer = await handIn(base, number, `\n${'Пояснительная записка к приказу. '.repeat(4000)}`);
        assert.ok(answer, 'the server is there');
        if (!answer.text.includes('Прочитан')) refused = answer;
      }
      assert.ok(refused, 'at last there is no room');
      assert.match(refused.text, /[А-Яа-я]{4}/, 'it is told in Russian');
      assert.doesNotMatch(refused.text, /panicked|SQLITE|os error/, 'and not in the words of the machine');
      assert.equal((await ask(`${base}/plans`)).status, 200, 'what is there can be read');
    } finally {
      await kill(full);
    }
    const roomy = serve(data);
    try {
      const base = await roomy.base;
      opora(data, 'audit', 'verify');
      assert.match((await handIn(base, 99)).text, /Прочитан/);
    } finally {
      await kill(roomy);
    }
  });
});

// What lies in passing among the data: files that were sent, without those that a running program holds.
async function passing(data) {
  const all = await readdir(join(data, 'tmp'), { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile() && entry.name !== 'held').map((entry) => entry.name);
}

describe('a file of results waits for somebody to say what its columns are', () => {
  // Nobody knows these columns, and pupils stand by name in them.
  async function waiting(data) {
    const server = serve(data);
    const base = await server.base;
    const body = new FormData();
    body.append('files', new Blob(['Кто;Чего;Сколько\nПетров Пётр;алгебра;4\n']), 'журнал.csv');
    const answer = await ask(`${base}/data/results`, { method: 'POST', body, headers: { origin: base } });
    const kept = await passing(data);
    if (answer?.status !== 422 || kept.length !== 1) await kill(server);
    assert.equal(answer?.status, 422);
    assert.equal(kept.length, 1, 'the file is kept for now');
    return server;
  }

  test('killed, the program leaves it, and the next start removes it', async () => {
    const data = await folder();
    await kill(await waiting(data));
    assert.equal((await passing(data)).length, 1);
    const second = serve(data);
    await second.base;
    assert.deepEqual(await passing(data), []);
    await kill(second);
  });

  test('told to stop by the system, the program takes it away and ends in order', async () => {
    const data = await folder();
    const { child } = await waiting(data);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
    assert.deepEqual(await passing(data), []);
  });
});
