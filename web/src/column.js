import { composing } from './match.js'

// column lets a table of inputs be filled in downwards: Enter and ↓ go to the
// next row of the same column, ↑ to the one above. Enter never sends the form
// half filled in; that is what its button is for.
export function column(table) {
  table.addEventListener('keydown', (event) => {
    const input = event.target.closest('tbody input')
    if (!input || composing(event)) return
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step || (event.key !== 'Enter' && input.type === 'date')) return // ↑↓ turn a date
    event.preventDefault()
    const next = beside(table, input, step)
    next?.focus()
    if (next && next.type !== 'checkbox') next.select?.()
  })
}

// beside returns the input so many rows on in the same column, null past the end.
function beside(table, input, step) {
  const cell = input.closest('td')
  const rows = [...table.tBodies[0].rows]
  const row = rows[rows.indexOf(cell.parentElement) + step]
  return row?.cells[cell.cellIndex]?.querySelector('input') ?? null
}
