// Keeps what is typed in a long form until it is saved: on this computer, for this person. Closing the browser, a dead
// line or an ended session lose nothing. Without it the buttons save, as ever.
//
// A draft holds the changed fields only, each with the text it was written over (`was`). Tabs of the same form write
// into one draft, field by field: what another tab types shows up here at once, unless this tab has typed in the same
// field; then both texts stand side by side and a person chooses.
import { announce } from './announce.js';

const PREFIX = 'opora-draft ';
const KEPT_DAYS = 14;
const DAY_MS = 86_400_000;

sweep();
for (const form of document.querySelectorAll('form[data-draft]')) keep(form);

function keep(form) {
  const name = `${PREFIX}${form.dataset.draft} ${new URL(form.action).pathname}`;
  const state = form.querySelector('[data-draft-state]');
  const { draftSeen: seen } = form.dataset;
  const refused = form.dataset.draftRefused !== undefined;
  const rendered = new Map([...keys(form)].map((key) => [key, read(form, key)]));
  // What was typed in this tab; another tab does not write over it.
  const own = new Set();
  const tab = Math.random().toString(36).slice(2);

  restore();
  form.addEventListener('input', store);
  form.addEventListener('change', store);
  form.addEventListener('submit', () => {
    const draft = load(name);
    if (draft) save(name, { ...draft, sent: Object.fromEntries([...keys(form)].map((key) => [key, read(form, key)])) });
  });
  window.addEventListener('storage', (event) => {
    if (event.key === name) merge();
  });

  function restore() {
    let draft = load(name);
    if (!draft) return;
    // The server has it: what the form sent is no draft any more. A refused form was sent in vain.
    if (draft.sent && !refused && draft.seen !== seen) {
      for (const [key, value] of Object.entries(draft.sent)) {
        if (draft.fields[key]?.value === value) delete draft.fields[key];
      }
    }
    draft = { ...draft, seen, sent: null };
    let back = 0;
    for (const [key, field] of Object.entries(draft.fields)) {
      const now = rendered.get(key);
      for (const value of Object.values(field.others ?? {})) beside(key, value, 'В другой вкладке было написано');
      if (now === field.value) {
        if (!refused) delete draft.fields[key];
      } else if (now === undefined || now !== field.was) {
        beside(key, field.value, 'Не сохранено раньше на этом компьютере');
      } else {
        write(form, key, field.value);
        back += 1;
      }
    }
    save(name, draft);
    if (back) told(`Возвращено несохранённое с этого компьютера, полей: ${back}. Сохраните, когда будете готовы.`, true);
  }

  function store(event) {
    const key = keyOf(event.target);
    if (!key) return;
    const kept = put(key);
    told(
      kept
        ? 'Черновик хранится на этом компьютере, пока вы не сохраните.'
        : 'Этот браузер не хранит черновики: сохраняйте чаще.',
    );
  }

  // Writes a field into the draft. Where two tabs have typed in one field, the text of the other one stays beside.
  function put(key) {
    const draft = load(name) ?? { fields: {} };
    const known = draft.fields[key];
    const value = read(form, key);
    const others = { ...known?.others };
    if (known && known.tab !== tab && own.has(key) && known.value !== value) others[known.tab] = known.value;
    delete others[tab];
    own.add(key);
    const was = rendered.get(key);
    if (value === was && !Object.keys(others).length) delete draft.fields[key];
    else draft.fields[key] = { value, was, tab, others };
    return save(name, { ...draft, seen, at: Date.now() });
  }

  // Another tab has typed.
  function merge() {
    const draft = load(name);
    if (!draft) return;
    if (draft.sent) return told('Эту форму сохраняют в другой вкладке. Обновите страницу: ваш текст останется черновиком.');
    for (const [key, { value }] of Object.entries(draft.fields)) {
      if (value === read(form, key)) continue;
      if (own.has(key)) beside(key, value, 'В другой вкладке здесь написано');
      else if (rendered.has(key)) write(form, key, value);
    }
  }

  // Two texts for one field: the other one stands beside it, with a button that takes it.
  function beside(key, value, words) {
    const field = fields(form, key)[0];
    const place = field?.closest('.field, fieldset') ?? state;
    place.querySelector(`[data-draft-other="${CSS.escape(key)}"]`)?.remove();
    const note = document.createElement('p');
    note.className = 'why draft-other';
    note.dataset.draftOther = key;
    note.append(`${words}: «${spoken(value)}» `);
    if (field) {
      const take = document.createElement('button');
      take.type = 'button';
      take.className = 'small';
      take.textContent = 'Взять этот текст';
      take.addEventListener('click', () => {
        write(form, key, value);
        field.dispatchEvent(new Event('input', { bubbles: true }));
        note.remove();
        field.focus();
      });
      note.append(take);
    }
    place.append(note);
    state.hidden = false;
  }

  function told(text, withUndo = false) {
    state.hidden = false;
    if (state.dataset.text === text) return;
    state.dataset.text = text;
    state.textContent = text;
    if (!withUndo) return;
    announce(text);
    const undo = document.createElement('button');
    undo.type = 'button';
    undo.className = 'small';
    undo.textContent = 'Убрать возвращённое';
    undo.addEventListener('click', () => {
      localStorage.removeItem(name);
      for (const [key, value] of rendered) write(form, key, value);
      state.textContent = 'В форме то, что записано.';
    });
    state.append(' ', undo);
  }
}

// A field by its name; of boxes that share a name, by name and value. What the server set for itself is not kept.
function keyOf(field) {
  if (!field.name || field.type === 'hidden' || field.type === 'submit') return '';
  return field.type === 'checkbox' ? `${field.name}=${field.value}` : field.name;
}

function keys(form) {
  return new Set([...form.elements].map(keyOf).filter(Boolean));
}

function fields(form, key) {
  return [...form.elements].filter((field) => keyOf(field) === key);
}

function read(form, key) {
  const all = fields(form, key);
  if (all[0]?.type === 'radio') return all.find((field) => field.checked)?.value ?? '';
  if (all[0]?.type === 'checkbox') return all[0].checked ? '1' : '';
  return all[0]?.value ?? '';
}

function write(form, key, value) {
  for (const field of fields(form, key)) {
    if (field.type === 'radio') field.checked = field.value === value;
    else if (field.type === 'checkbox') field.checked = value === '1';
    else field.value = value;
  }
}

function spoken(value) {
  return { yes: 'да', no: 'нет', 1: 'отмечено', '': 'пусто' }[value] ?? value;
}

// A browser may refuse to keep anything.
function load(name) {
  try {
    const draft = JSON.parse(localStorage.getItem(name));
    return draft && typeof draft.fields === 'object' ? draft : null;
  } catch {
    return null;
  }
}

function save(name, draft) {
  try {
    if (Object.keys(draft.fields).length) localStorage.setItem(name, JSON.stringify(draft));
    else localStorage.removeItem(name);
    return true;
  } catch {
    return false;
  }
}

// What nobody came back for, and what was sent and is closed now, does not stay on the computer.
function sweep() {
  try {
    for (const name of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
      const draft = load(name);
      const path = name.slice(name.indexOf(' ', PREFIX.length) + 1);
      const here = location.pathname === path.slice(0, path.lastIndexOf('/'));
      const closed = here && draft?.sent && !document.querySelector('form[data-draft]');
      if (!draft || closed || !(Date.now() - draft.at < KEPT_DAYS * DAY_MS)) localStorage.removeItem(name);
    }
  } catch {
    // Without a store there is nothing to sweep.
  }
}
