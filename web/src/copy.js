// «Скопировать»: puts the text of the element named by `data-copy` on the clipboard and says so.
import { announce } from './announce.js';

for (const button of document.querySelectorAll('button[data-copy]')) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.tagName === 'TABLE' ? tabbed(source) : source.textContent);
      announce('Скопировано');
    } catch {
      announce('Не удалось скопировать: браузер не разрешил');
    }
  });
}

// A table as a spreadsheet takes it: cells by tabs, rows by line ends.
function tabbed(table) {
  const cell = (each) => each.innerText.replace(/\s+/g, ' ').trim();
  return [...table.rows].map((row) => [...row.cells].map(cell).join('\t')).join('\n');
}
