// Bundles the front end: node build.mjs MODULES OUT
//
// MODULES is the node_modules folder that `npm ci` filled, OUT the folder that receives the files;
// OUT.json beside it tells the server the content-hashed name of each. Nothing is written beside the sources.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [modules, out] = process.argv.slice(2).map((path) => resolve(path));
const here = dirname(fileURLToPath(import.meta.url));
const esbuild = createRequire(join(modules, 'opora.js'))('esbuild');

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const result = await esbuild.build({
  entryPoints: { app: join(here, 'src/app.js'), style: join(here, 'src/styles/main.css') },
  nodePaths: [modules],
  outdir: out,
  entryNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  charset: 'utf8',
  format: 'esm',
  target: ['es2022', 'chrome109', 'firefox115', 'safari16.4'],
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

const names = {};
for (const path of Object.keys(result.metafile.outputs)) {
  const file = path.split('/').pop();
  const [, stem, , extension] = /^(\w+)-(\w+)\.(\w+)$/.exec(file);
  names[`${stem}.${extension}`] = file;
}

// One sprite with the icons named in icons.json and no other; the class `icon` gives them stroke and colour.
const icons = JSON.parse(readFileSync(join(here, 'icons.json'), 'utf8'));
const symbols = icons.map((name) => {
  const svg = readFileSync(join(modules, 'lucide-static/icons', `${name}.svg`), 'utf8');
  const body = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));
  return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, ' ').trim()}</symbol>`;
});
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
const hash = createHash('sha256').update(sprite).digest('hex').slice(0, 8);
names['icons.svg'] = `icons-${hash}.svg`;
writeFileSync(join(out, names['icons.svg']), sprite);

const mark = readFileSync(join(here, 'src/mark.svg'));
const markHash = createHash('sha256').update(mark).digest('hex').slice(0, 8);
names['mark.svg'] = `mark-${markHash}.svg`;
writeFileSync(join(out, names['mark.svg']), mark);

writeFileSync(`${out}.json`, JSON.stringify(names));
