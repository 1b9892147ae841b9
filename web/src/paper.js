// paper unfolds everything for printing and folds it again, for browsers that
// do not print what is folded; and it has the print buttons work.
export function paper() {
  let unfolded = []
  window.addEventListener('beforeprint', () => {
    unfolded = [...document.querySelectorAll('details:not([open])')]
    for (const d of unfolded) d.open = true
  })
  window.addEventListener('afterprint', () => {
    for (const d of unfolded) d.open = false
    unfolded = []
  })
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-print]')) window.print()
  })
}
