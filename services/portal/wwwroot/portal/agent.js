// The agent's ticket, from the fragment into the form; the history keeps no address with it.
const form = document.getElementById('agent-ticket');
const ticket = location.hash.slice(1);
if (form && ticket) {
  history.replaceState(null, '', location.pathname);
  form.elements.ticket.value = ticket;
  form.submit();
}
