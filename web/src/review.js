// Review: keeps the eye on the pair of a field and its source, and guards what was typed.

// A link to an activity that is on another page of the review: ask the server for that page.
const wanted = /^#activity-(\d+)$/.exec(location.hash);
if (wanted && document.querySelector('.review') && !document.querySelector(location.hash)) {
  const address = new URL(location.href);
  if (address.searchParams.get('at') !== wanted[1]) {
    address.searchParams.set('at', wanted[1]);
    location.replace(address);
  }
}

// The source scrolls in its own pane: bring the cell into its middle without moving the page.
const pane = document.getElementById('source-body');

function show(id) {
  const cell = document.getElementById(decodeURIComponent(id));
  if (!cell || !pane?.contains(cell) || getComputedStyle(pane).overflowY !== 'auto') return false;
  // On a narrow screen the source stands below and does not scroll by itself: the browser's jump is right there.
  if (pane.scrollHeight <= pane.clientHeight) return false;
  const top = cell.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  pane.scrollTo({ top: top - pane.clientHeight / 3, behavior: calm ? 'auto' : 'smooth' });
  pane.querySelector('.shown')?.classList.remove('shown');
  cell.classList.add('shown');
  return true;
}

if (pane) {
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a.to-source');
    if (link && show(link.hash.slice(1))) event.preventDefault();
  });
  document.addEventListener('focusin', (event) => {
    const field = event.target.closest('.field[data-source]');
    if (field) show(field.dataset.source);
  });
  const opened = document.querySelector('.editing [data-source]')?.dataset.source;
  const target = document.querySelector('.activity-card:target a.to-source')?.hash.slice(1);
  if (opened || target) show(opened ?? target);
}

// Leaving a page with something typed and not saved asks first.
let changed = false;
for (const form of document.querySelectorAll('form[data-guard]')) {
  form.addEventListener('input', () => {
    changed = true;
  });
  form.addEventListener('submit', () => {
    changed = false;
  });
}
window.addEventListener('beforeunload', (event) => {
  if (changed) event.preventDefault();
});

document.documentElement.classList.add('js');
