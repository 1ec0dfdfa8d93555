// How does a page look to a machine: what does axe find, and does anything stick out?
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';

// What axe finds, in a few words each; `rules` narrows it to some of them.
export async function violations(page, rules) {
  // The legacy mode looks at the page without opening a second one for its frames: there are none.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  assert.equal(page.frames().length, 1);
  const { violations: found } = await (rules ? axe.withRules(rules) : axe).analyze();
  return found.map(({ id, impact, help, nodes }) => ({
    id,
    impact,
    help,
    where: nodes.slice(0, 3).map((node) => `${node.target.join(' ')} — ${node.any[0]?.message ?? node.html}`),
    nodes: nodes.length,
  }));
}

// How far the page as a whole scrolls sideways, and what sticks out of it.
export const overflow = (page) =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const over = document.documentElement.scrollWidth - width;
    const wide = (each) => each.getBoundingClientRect().right > width + 1;
    const culprits = over > 0 ? [...document.querySelectorAll('body *')].filter(wide) : [];
    const name = (each) => `${each.tagName.toLowerCase()}.${each.getAttribute('class') ?? ''}`;
    return { over, culprits: [...new Set(culprits.map(name))].slice(0, 8) };
  });
