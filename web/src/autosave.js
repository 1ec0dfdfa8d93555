// Saves each answer of a questionnaire as it is given, one save after another. Without it a button saves the section.
//
// A save sends the changed questions only, each with the revision its author saw, and gets the whole page as the button
// would: notes, conflicts and counts are taken over from it, what somebody types meanwhile is not touched.
import { announce } from './announce.js';
import { isTyped, tell } from './whole.js';

// A text is saved when one stops typing for this long, at the latest when one leaves the field.
const PAUSE_MS = 1200;
const AGAIN_MS = 5000;
const HALF = 'Допишите второе число: ответ сохранится целиком.';

for (const form of document.querySelectorAll('form[data-autosave]')) keep(form);
// On a narrow screen the sections stand in one line: the open one must be seen.
document.querySelector('#sections [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

function keep(form) {
  const state = form.querySelector('[data-save-state]');
  const waiting = new Set();
  let running = false;
  let timer = 0;
  state.textContent = 'Ответы сохраняются сами.';

  form.addEventListener('input', (event) => mark(event, PAUSE_MS));
  form.addEventListener('change', (event) => mark(event, 0));
  form.addEventListener('focusout', () => {
    if (waiting.size) later(0);
  });
  form.addEventListener('submit', (event) => {
    // The button sends everything; what is on its way already must not be sent beside it.
    if (running) {
      event.preventDefault();
      finish(event.submitter);
    } else {
      leave();
    }
  });
  // «Записать мой ответ» of a conflict: the field holds the answer, the hidden base the newer revision.
  form.addEventListener('click', (event) => {
    if (event.target.closest('[data-keep-theirs]')) leave();
    const button = event.target.closest('[data-keep-mine]');
    if (!button) return;
    event.preventDefault();
    add(button.closest('[data-question]'));
    later(0);
  });
  // A link is followed when what was typed is saved; what can't be is told by the question of the browser.
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !plain || event.defaultPrevented || link.getAttribute('href').startsWith('#')) return;
    if (!running && ![...waiting].some(isWhole)) return;
    event.preventDefault();
    follow(link.href);
  });
  // A telephone asks nothing when a page is put away or closed: the last answers are sent behind its back.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && waiting.size) later(0);
  });
  window.addEventListener('pagehide', () => {
    const questions = [...waiting].filter(isWhole);
    if (questions.length) fetch(form.action, { method: 'POST', body: body(form, questions), keepalive: true });
  });
  window.addEventListener('beforeunload', (event) => {
    if (waiting.size || running || form.querySelector('[data-conflict]')) event.preventDefault();
  });

  // The page is left on purpose: nothing is to be asked.
  function leave() {
    clearTimeout(timer);
    waiting.clear();
    form.querySelectorAll('[data-conflict]').forEach((conflict) => conflict.removeAttribute('data-conflict'));
  }

  function mark(event, pause) {
    const question = event.target.closest('[data-question]');
    // While two answers stand beside each other only a choice sends one of them.
    if (!question || question.querySelector('[data-conflict]')) return;
    add(question);
    later(pause);
  }

  function add(question) {
    waiting.add(question);
    say('Сохраняется…');
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  async function follow(address) {
    clearTimeout(timer);
    await send();
    while (running) await new Promise((done) => setTimeout(done, 50));
    location.href = address;
  }

  async function finish(button) {
    say('Сохраняется…');
    while (running) await new Promise((done) => setTimeout(done, 50));
    form.requestSubmit(button);
  }

  async function send() {
    if (running || !waiting.size) return;
    const questions = [...waiting].filter(isWhole);
    if (!questions.length) {
      say(HALF);
      return;
    }
    running = true;
    questions.forEach((question) => waiting.delete(question));
    const sent = new Set(questions.map((question) => question.dataset.question));
    let failed = '';
    let again = false;
    try {
      const answer = await fetch(form.action, { method: 'POST', body: body(form, questions), redirect: 'follow', keepalive: true });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (answer.ok && page.querySelector('form[data-autosave]')) take(page, sent);
      else failed = refused(answer, page);
    } catch {
      failed = 'Нет связи: ответ ещё не сохранён. Попробуем снова; не закрывайте страницу.';
      again = true;
    }
    running = false;
    if (failed) {
      questions.forEach((question) => waiting.add(question));
      state.classList.add('failed');
      say(failed);
      announce(failed);
      if (again) timer = setTimeout(send, AGAIN_MS);
    } else if (waiting.size) {
      later(0);
    }
  }

  function take(page, sent) {
    state.classList.remove('failed');
    for (const fresh of page.querySelectorAll('form[data-autosave] [data-question]')) {
      const own = form.querySelector(`[data-question="${CSS.escape(fresh.dataset.question)}"]`);
      if (!own) continue;
      own.hidden = fresh.hidden;
      const id = fresh.dataset.question;
      takeWhole(own, fresh);
      if (!sent.has(id)) continue;
      own.querySelector('[data-note]')?.replaceWith(fresh.querySelector('[data-note]'));
      for (const name of ['[data-was]', '[data-base]']) own.querySelector(name).value = fresh.querySelector(name).value;
      if (own.querySelector('[data-conflict]')) waiting.delete(own);
    }
    const sections = document.getElementById('sections');
    const fresh = page.getElementById('sections');
    if (sections && fresh && !sections.contains(document.activeElement)) sections.replaceWith(fresh);
    const conflicts = form.querySelectorAll('[data-conflict]').length;
    const wrong = form.querySelectorAll('[data-question]:not([hidden]) .why.error').length;
    const half = [...waiting].some((question) => !isWhole(question));
    if (conflicts) say('Не сохранено: на этот вопрос ответили иначе. Выберите ответ.');
    else if (wrong) say('Сохранено. Есть ответы, которые надо проверить.');
    else if (half) say(HALF);
    else if (waiting.size) say('Сохраняется…');
    else say('Сохранено.');
  }

  // A share is judged by a number that another question tells: it may be wrong now, or right again, though nobody touched
  // it. What is typed and not kept has its own note.
  function takeWhole(own, fresh) {
    const [share, news] = [own.querySelector('[data-whole]'), fresh.querySelector('[data-whole]')];
    if (!share || !news) return;
    if (!isTyped(share)) tell(share, news.dataset.wholeNow);
    const same = share.querySelector('input').value === news.querySelector('input').value;
    if (same && !waiting.has(own) && !own.querySelector('[data-conflict]')) {
      own.querySelector('[data-note]').replaceWith(fresh.querySelector('[data-note]').cloneNode(true));
    }
  }

  function say(text) {
    if (state.textContent !== text) state.textContent = text;
  }
}

// Half of a share is no answer yet.
function isWhole(question) {
  const parts = [...question.querySelectorAll('.share input')];
  const filled = parts.filter((part) => part.value.trim());
  return filled.length === 0 || filled.length === parts.length;
}

function body(form, questions) {
  const sent = new URLSearchParams({ auto: '1', section: form.elements.section.value });
  for (const question of questions) {
    for (const field of question.querySelectorAll('input[name], textarea[name], select[name]')) {
      if ((field.type === 'radio' || field.type === 'checkbox') && !field.checked) continue;
      sent.append(field.name, field.value);
    }
  }
  return sent;
}

function refused(answer, page) {
  if (answer.redirected && new URL(answer.url).pathname.startsWith('/login')) {
    return 'Вход закончился: ответ не сохранён. Войдите в соседней вкладке и вернитесь сюда, ничего не закрывая.';
  }
  const told = page.querySelector('.notice.error, .error-page h1');
  return `Не сохранено. ${told ? told.textContent.trim() : 'Сервер не ответил.'}`;
}
