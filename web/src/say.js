// say tells people who listen to the page. The element is there from the
// beginning and empty: only what changes is read out.
export function say(words) {
  const status = document.getElementById('status')
  if (status) status.textContent = words
}
