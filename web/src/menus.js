// Menus are <details>: they open without JavaScript. This closes them on Escape and on a click elsewhere.
function close(menu) {
  menu.open = false;
}

document.addEventListener('click', (event) => {
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
