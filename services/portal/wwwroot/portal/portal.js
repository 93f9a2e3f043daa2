// The portal's own script in pages with a circuit. The buttons of the reconnection dialogue.
const dialog = document.getElementById('components-reconnect-modal');
dialog?.addEventListener('components-reconnect-state-changed', event => {
  const { state, currentAttempt } = event.detail;
  if (state === 'show') dialog.showModal();
  else if (state === 'hide') dialog.close();
  // The service is there, and has nothing left of this page.
  else if (state === 'rejected' || state === 'resume-failed') location.reload();
  // It goes on trying for minutes: what to do meanwhile is said before.
  dialog.dataset.state = state === 'retrying' && currentAttempt > 3 ? 'slow' : state;
});
document.getElementById('reconnect-retry')?.addEventListener('click', async () => {
  const before = dialog.dataset.state;
  dialog.dataset.state = 'show';
  try {
    if (!await Blazor.reconnect()) location.reload();
  } catch {
    // Nobody answers yet.
    dialog.dataset.state = before;
  }
});
document.getElementById('reconnect-reload')?.addEventListener('click', () => location.reload());
// Who asks again and again asks nothing for a page that nobody sees.
window.cdrHidden = () => document.hidden;
// A file that only a body may ask for: the page has it, and the browser keeps it.
window.cdrSave = async (name, stream) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([await stream.arrayBuffer()], { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
};

// Nobody at the desk: what is shown of a person is not for whoever stands there next. Whatever is done there shows it again, and does
// nothing else; a page that loads itself again stays covered.
const cover = document.getElementById('cover');
if (cover) {
  const Covered = 'cdr-covered';
  // A browser may be set to keep nothing: the page is covered all the same, until it is loaded again.
  const kept = (act, ...values) => {
    try {
      return sessionStorage[act](Covered, ...values);
    } catch {
      return null;
    }
  };
  const bar = () => document.querySelector('.shell')?.toggleAttribute('inert', !cover.hidden);
  const swallowed = ['keydown', 'keyup', 'pointerdown', 'pointerup', 'click'];
  let last = Date.now(), waiting, from, focused;
  const put = on => {
    if (on) focused = document.activeElement;
    cover.hidden = !on;
    bar();
    if (on) {
      kept('setItem', '1');
      cover.focus();
    } else {
      kept('removeItem');
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
  // The page comes after the cover when it is loaded again; one whose session ended shows nobody, and its end is to be read.
  new MutationObserver(() => {
    if (document.querySelector('[data-session-ended]')) {
      if (!cover.hidden) put(false);
    } else bar();
  }).observe(document.body, { childList: true, subtree: true });
  if (kept('getItem')) put(true);
  look();
}
