// Keys of one letter, for who works with tickets all day. A page says where each acts (aria-keyshortcuts) and lists them in a dialogue
// (data-keys), where whoever dictates or slips on keys turns them off.
const Off = 'cdr-keys-off';
const keysOff = (...value) => {
  try {
    if (value.length) localStorage.setItem(Off, value[0] ? '1' : '');
    return localStorage.getItem(Off) === '1';
  } catch {
    return false;
  }
};
const showKeys = () => {
  const dialog = document.querySelector('dialog[data-keys]');
  if (!dialog || dialog.open) return;
  dialog.querySelector('[data-keys-on]').checked = !keysOff();
  dialog.showModal();
};
document.addEventListener('click', event => {
  if (event.target.closest('[data-keys-open]')) showKeys();
});
document.addEventListener('change', event => {
  if (event.target.matches('[data-keys-on]')) keysOff(!event.target.checked);
});
// After a key, letters are nobody's until the form that it opens has the focus: the next one may belong to a word.
const Pause = 1000;
let until = 0;
document.addEventListener('focusin', () => until = 0);
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented || document.querySelector('dialog[open]')) return;
  // Where one types, a letter is a letter.
  if (event.target.closest('textarea, select, input:not([type=checkbox], [type=radio])')) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  if (!document.querySelector('[data-keys]') || document.querySelector('.shell[inert]')) return;
  if (event.key === '?') {
    event.preventDefault();
    showKeys();
    return;
  }
  if (keysOff()) return;
  if (event.key.length === 1 && performance.now() < until) {
    event.preventDefault();
    return;
  }
  if (event.key === 'j' || event.key === 'k') {
    const rows = [...document.querySelectorAll('[data-row]')], at = rows.indexOf(document.activeElement);
    rows[event.key === 'j' ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)]?.focus();
    return;
  }
  const found = [...document.querySelectorAll('[aria-keyshortcuts]')].find(one => one.getAttribute('aria-keyshortcuts') === event.key && !one.disabled && one.offsetParent);
  if (!found) return;
  event.preventDefault();
  // Held down it is pressed once.
  if (event.repeat) return;
  // A button that opens nothing is done with.
  if (!found.matches('button:not([aria-expanded])')) until = performance.now() + Pause;
  if (found.matches('input, textarea, select')) found.focus();
  else found.click();
});
