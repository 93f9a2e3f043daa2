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

// Nobody at the desk: what is shown of a person is not for whoever stands there next. Whatever is done there shows it again, and a key
// does nothing else.
const cover = document.getElementById('cover');
if (cover) {
  let waiting;
  const wait = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      cover.hidden = !document.querySelector('[data-personal]');
      if (cover.hidden) wait();
    }, cover.dataset.after * 1000);
  };
  const touched = event => {
    if (!cover.hidden && event.type !== 'pointermove') {
      event.stopPropagation();
      if (event.cancelable) event.preventDefault();
    }
    cover.hidden = true;
    wait();
  };
  for (const kind of ['keydown', 'pointerdown', 'pointermove', 'wheel']) addEventListener(kind, touched, { capture: true, passive: kind === 'wheel' });
  wait();
}
