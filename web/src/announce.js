// Says a sentence to people who listen to the page rather than look at it.
export function announce(sentence) {
  const region = document.getElementById('announcer');
  region.textContent = '';
  // A region that gets the same text again is not read out: empty it first, fill it in the next frame.
  requestAnimationFrame(() => {
    region.textContent = sentence;
  });
}
