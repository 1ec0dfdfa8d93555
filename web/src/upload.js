// Uploads files one by one with progress and says what became of each. Without it the form posts as it is.
import { announce } from './announce.js';

const MEGABYTE = 1024 * 1024;

for (const form of document.querySelectorAll('form.drop-zone')) {
  const input = form.querySelector('input[type=file]');
  form.classList.add('live');
  form.querySelector('button[type=submit]').lastChild.textContent = 'Выбрать файлы';
  // The button opens the dialog and so does the label: one stop for the keyboard is enough.
  input.tabIndex = -1;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (input.files.length) take([...input.files], form);
    else input.click();
  });
  input.addEventListener('change', () => {
    if (input.files.length) take([...input.files], form);
  });
  for (const kind of ['dragenter', 'dragover']) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.add('over');
    });
  }
  form.addEventListener('dragleave', (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove('over');
  });
  form.addEventListener('drop', (event) => {
    event.preventDefault();
    form.classList.remove('over');
    const files = [...event.dataTransfer.files];
    if (files.length) take(files, form);
  });
}

// A file dropped beside the field must not replace the page.
for (const kind of ['dragover', 'drop']) {
  window.addEventListener(kind, (event) => {
    if (document.querySelector('form.drop-zone')) event.preventDefault();
  });
}

async function take(files, form) {
  const list = outcomes(form);
  const waiting = files.map((file) => [file, waitingItem(file, list)]);
  announce(`Загружаются файлы: ${files.length}`);
  for (const [file, item] of waiting) {
    await send(file, item, form);
  }
  form.reset();
  announce('Загрузка закончена');
}

function outcomes(form) {
  let results = document.getElementById('upload-results');
  if (!results) {
    results = document.createElement('section');
    results.id = 'upload-results';
    results.className = 'upload-results';
    results.setAttribute('aria-label', 'Итоги по файлам');
    const list = document.createElement('ul');
    list.id = 'outcomes';
    list.className = 'outcomes';
    results.append(list);
    form.after(results);
  }
  results.hidden = false;
  return results.querySelector('#outcomes');
}

function waitingItem(file, list) {
  const item = document.createElement('li');
  item.className = 'outcome waiting';
  const head = document.createElement('div');
  head.className = 'outcome-head';
  const name = document.createElement('span');
  name.className = 'outcome-name';
  name.textContent = file.name;
  const state = document.createElement('span');
  state.className = 'muted small';
  state.textContent = 'ждёт очереди';
  const progress = document.createElement('progress');
  progress.max = 100;
  progress.value = 0;
  progress.setAttribute('aria-label', `Загрузка файла ${file.name}`);
  head.append(name, state);
  item.append(head, progress);
  list.append(item);
  return item;
}

function send(file, item, form) {
  const state = item.querySelector('.small');
  const progress = item.querySelector('progress');
  const limit = Number(form.dataset.max);
  if (file.size > limit) {
    refuse(item, 'Слишком большой файл', `Больше ${Math.round(limit / MEGABYTE)} МБ программа не читает. Разделите его на части.`);
    return Promise.resolve();
  }
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/upload?part=1');
    request.upload.addEventListener('progress', (event) => {
      if (!event.lengthComputable) return;
      progress.value = (event.loaded / event.total) * 100;
      state.textContent = 'отправляется';
    });
    request.upload.addEventListener('load', () => {
      state.textContent = 'читается…';
      progress.removeAttribute('value');
    });
    request.addEventListener('load', () => {
      if (request.status === 200 && request.responseText) replace(item, request.responseText);
      else refuse(item, 'Файл не принят', `Сервер ответил ошибкой ${request.status}. Попробуйте ещё раз.`);
      done();
    });
    request.addEventListener('error', () => {
      refuse(item, 'Связь прервалась', 'Файл не отправлен. Проверьте, что программа запущена, и попробуйте ещё раз.');
      done();
    });
    const data = new FormData();
    data.append('files', file, file.name);
    request.send(data);
  });
}

// The answer is a list item of our own server, made by its templates.
function replace(item, html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html').querySelector('li');
  if (!parsed) return;
  item.replaceWith(parsed);
  announce(parsed.querySelector('.outcome-head').textContent);
}

function refuse(item, what, why) {
  item.className = 'outcome error';
  item.querySelector('progress')?.remove();
  item.querySelector('.small').textContent = 'не принят';
  const title = document.createElement('p');
  const strong = document.createElement('strong');
  strong.textContent = what;
  title.append(strong);
  const text = document.createElement('p');
  text.textContent = why;
  item.append(title, text);
  announce(`${what}: ${item.querySelector('.outcome-name').textContent}`);
}
