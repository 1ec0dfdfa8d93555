// Sends large files with progress, then goes where their loading can be watched. Without it the form posts as it is.
import { announce } from './announce.js';

for (const form of document.querySelectorAll('form[data-sending]')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send(form);
  });
}

function send(form) {
  form.querySelector('.sending')?.remove();
  const box = document.createElement('div');
  box.className = 'sending';
  const words = document.createElement('p');
  words.textContent = `${form.dataset.sending}…`;
  const progress = document.createElement('progress');
  progress.max = 100;
  progress.value = 0;
  progress.setAttribute('aria-label', form.dataset.sending);
  box.append(words, progress);
  form.append(box);
  const button = form.querySelector('button[type=submit]');
  button.disabled = true;
  announce(words.textContent);

  const fail = (text) => {
    words.textContent = text;
    progress.remove();
    button.disabled = false;
    announce(text);
  };
  const request = new XMLHttpRequest();
  request.open('POST', `${form.getAttribute('action')}?part=1`);
  request.upload.addEventListener('progress', (event) => {
    if (event.lengthComputable) progress.value = (event.loaded / event.total) * 100;
  });
  request.addEventListener('load', () => {
    // The answer is an address of our own site.
    if (request.status === 200 && request.responseText.startsWith('/data?')) location.assign(request.responseText);
    else fail(`Файлы не приняты: сервер ответил ошибкой ${request.status}. Попробуйте ещё раз, если нужно – по одному.`);
  });
  request.addEventListener('error', () => {
    fail('Связь прервалась, файлы не отправлены. Проверьте, что программа запущена, и попробуйте ещё раз.');
  });
  request.send(new FormData(form));
}
