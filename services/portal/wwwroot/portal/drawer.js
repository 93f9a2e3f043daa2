// Whoever takes a card with the mouse types its PIN next. The arrow keys only walk through the cards, and click them too, without a button.
const pin = document.getElementById('pin');
document.querySelector('.drawer')?.addEventListener('click', event => {
  if (event.detail > 0 && event.target.closest('.card')) setTimeout(() => pin.focus());
});
