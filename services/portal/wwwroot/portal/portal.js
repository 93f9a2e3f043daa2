// The only script of the portal's own: the buttons of the reconnection dialogue.
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
