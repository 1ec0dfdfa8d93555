import { announce } from './announce.js';

// Menus are <details>: they open without JavaScript. This closes them on Escape and on a click elsewhere.
function close(menu) {
  menu.open = false;
}

document.addEventListener('click', (event) => {
  // Enter in a field clicks the form's first button, wherever it stands: the menu with the field stays.
  if (event.detail === 0) return;
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(event.target)) close(menu);
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const menu = event.target.closest?.('details.menu[open]');
  if (!menu) return;
  close(menu);
  menu.querySelector('summary').focus();
});

// A filter replaces the whole view, the menu that had the focus included: the focus goes to its successor, and what
// was found is said.
let replaced = null;

document.addEventListener('htmx:before:swap', (event) => {
  if (event.target.id !== 'filters') return;
  replaced = document.activeElement?.closest('details.menu[id]')?.id ?? 'filters';
});

document.addEventListener('htmx:after:swap', () => {
  const form = document.getElementById('filters');
  if (!replaced || !form) return;
  if (document.activeElement === document.body) {
    const menu = document.querySelector(`#${replaced} > summary`);
    (menu ?? form.querySelector('input[type=search]')).focus();
  }
  replaced = null;
  announce(`Отобрано: ${form.dataset.status}`);
});
