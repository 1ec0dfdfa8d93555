// Opens what scrolls sideways at the part that matters: the tabs at the current one, the time line at today.
function open() {
  const tabs = document.querySelector('.tabs ul');
  const current = tabs?.querySelector('[aria-current]');
  if (current) tabs.scrollLeft = current.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;

  const line = document.querySelector('.gantt[data-today]');
  if (line) {
    const names = line.querySelector('.lane-label').offsetWidth;
    line.scrollLeft = Number(line.dataset.today) - (line.clientWidth - names) / 3;
  }
}

open();
document.addEventListener('htmx:after:swap', open);
