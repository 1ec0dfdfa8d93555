// Says beside a part of what it is a part, while that number is typed in another question of the page.
//
// Without it the page says what was saved last.

// What the server reads as a whole number: «1 200», «312,0».
const COUNT = /^\d{1,12}([.,]0+)?$/;

for (const share of document.querySelectorAll('[data-whole]')) {
  const field = typed(share);
  if (!field) continue;
  const follow = () => tell(share, read(field.value));
  field.addEventListener('input', follow);
  // A browser may have put back what was typed before the page was left.
  follow();
}

// The question that tells the whole stands on this page.
export function isTyped(share) {
  return Boolean(typed(share));
}

// Shows the whole, a number in digits; an empty one is not known.
export function tell(share, number) {
  share.dataset.wholeNow = number;
  for (const place of share.querySelectorAll('[data-whole-number]')) place.textContent = number;
  for (const place of share.querySelectorAll('[data-whole-known]')) place.hidden = !number;
  for (const place of share.querySelectorAll('[data-whole-unknown]')) place.hidden = Boolean(number);
}

function typed(share) {
  const fields = share.closest('form')?.elements;
  const name = `q:${share.dataset.whole}`;
  // The whole is a number, or the part of a share.
  return fields?.namedItem(name) ?? fields?.namedItem(`${name}:part`);
}

function read(text) {
  const plain = text.replace(/\s/g, '');
  return COUNT.test(plain) ? String(Number.parseInt(plain, 10)) : '';
}
