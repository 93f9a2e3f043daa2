// The portal's own script in pages with a circuit. The buttons of the reconnection dialogue.
const dialog = document.getElementById('components-reconnect-modal');
dialog?.addEventListener('components-reconnect-state-changed', event => {
  const state = event.detail.state;
  if (state === 'show') dialog.showModal();
  else if (state === 'hide') dialog.close();
  else if (state === 'rejected') location.reload();
  dialog.dataset.state = state;
});
document.getElementById('reconnect-retry')?.addEventListener('click', async () => {
  if (!await Blazor.reconnect()) location.reload();
});
document.getElementById('reconnect-reload')?.addEventListener('click', () => location.reload());

// Nobody at the desk: what is shown of a person is not for whoever stands there next. Whatever is done there shows it again, and does
// nothing else; a page that loads itself again stays covered.
const cover = document.getElementById('cover');
if (cover) {
  const Covered = 'cdr-covered';
  const swallowed = ['keydown', 'keyup', 'pointerdown', 'pointerup', 'click'];
  let last = Date.now(), waiting, from, focused;
  const put = on => {
    if (on) focused = document.activeElement;
    cover.hidden = !on;
    document.querySelector('.shell')?.toggleAttribute('inert', on);
    if (on) {
      sessionStorage.setItem(Covered, '1');
      cover.focus();
    } else {
      sessionStorage.removeItem(Covered);
      focused?.focus();
    }
  };
  const look = () => {
    clearTimeout(waiting);
    const left = last + cover.dataset.after * 1000 - Date.now();
    if (cover.hidden && left <= 0 && document.querySelector('[data-personal]:not([hidden] *)')) put(true);
    waiting = setTimeout(look, Math.max(left, 1000));
  };
  const touched = event => {
    // A mouse on a counter is never quite still.
    if (event.type === 'pointermove') {
      from ??= event;
      if (Math.hypot(event.screenX - from.screenX, event.screenY - from.screenY) < 12) return;
      from = event;
    }
    last = Date.now();
    if (cover.hidden || dialog?.open) return;
    if (swallowed.includes(event.type)) {
      event.stopImmediatePropagation();
      if (event.cancelable) event.preventDefault();
    }
    // When it is let go: what is pressed or tapped must not reach what lies under it.
    if (['pointermove', 'wheel', 'click', 'keyup'].includes(event.type)) put(false);
  };
  for (const kind of [...swallowed, 'pointermove', 'wheel', 'input', 'focusin'])
    addEventListener(kind, touched, { capture: true, passive: kind === 'wheel' });
  addEventListener('visibilitychange', look);
  addEventListener('pageshow', look);
  if (sessionStorage.getItem(Covered)) put(true);
  look();
}
