import { composing, isLetter, matches } from './match.js'
import { say } from './say.js'

const PAGE = 10 // rows that PgUp and PgDn pass

// sheet makes an attendance sheet quick to fill: people are found by typing,
// one walks by arrows and marks by a key, and the counts follow. Without it the
// sheet is a plain table of marks.
export function sheet(table) {
  const rows = [...table.tBodies[0].rows].map((tr) => ({
    tr,
    name: tr.dataset.name,
    find: tr.dataset.find ?? '',
    marks: [...tr.querySelectorAll('input[type="radio"]')],
  }))
  // Who is expected is present unless something else is marked; a guest, who has
  // a mark without a word, is not there.
  const usual = (row) => (row.marks.some((m) => m.value === '') ? '' : words[0])
  const find = document.getElementById('find')
  const mark = document.getElementById('mark')
  const none = document.getElementById('none')
  if (rows.length === 0) return
  const words = rows[0].marks.map((m) => m.value).filter((word) => word !== '')
  let here = rows[0]

  const shown = () => rows.filter((row) => !row.tr.hidden)
  const chosen = (row) => row.marks.find((m) => m.checked) ?? row.marks[0]

  // The whole sheet is one stop of the Tab key: the chosen mark of one row.
  function stop(row) {
    for (const r of rows) for (const m of r.marks) m.tabIndex = -1
    here = row
    chosen(row).tabIndex = 0
  }

  function go(row) {
    if (!row) return
    stop(row)
    chosen(row).focus()
  }

  function set(row, word) {
    const m = row.marks.find((m) => m.value === word)
    if (!m || m.checked) return
    m.checked = true
    changed(row)
  }

  // toggle goes from present to the chosen mark, for a guest to not being there,
  // and from anything to present.
  function toggle(row) {
    const absent = usual(row) === '' ? '' : mark.value
    set(row, chosen(row).value === words[0] ? absent : words[0])
  }

  function changed(row) {
    const word = chosen(row).value
    row.tr.classList.toggle('changed', word !== usual(row))
    for (const count of document.querySelectorAll('[data-count]')) {
      count.textContent = rows.filter((r) => chosen(r).value === count.dataset.count).length
    }
    say(`${row.name} ${word || '没来'}`)
    if (row === here) stop(row)
  }

  function filter() {
    for (const row of rows) row.tr.hidden = !matches(find.value, row.name, row.find)
    const left = shown()
    none.hidden = left.length > 0
    if (left.length > 0 && !left.includes(here)) stop(left[0])
    if (find.value !== '') say(left.length === 1 ? left[0].name : `${left.length} 人`)
  }

  function clear() {
    find.value = ''
    filter()
  }

  table.addEventListener('change', (event) => {
    const row = rows.find((r) => r.marks.includes(event.target))
    if (row) changed(row)
  })

  table.addEventListener('focusin', (event) => {
    const row = rows.find((r) => r.marks.includes(event.target))
    if (row && row !== here) stop(row)
  })

  table.addEventListener('keydown', (event) => {
    if (composing(event)) return
    if (isLetter(event)) {
      find.value = ''
      find.focus() // the letter itself lands there
      return
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const act = keys[event.key] ?? (/^[1-9]$/.test(event.key) ? () => set(here, words[event.key - 1] ?? usual(here)) : undefined)
    if (!act) return
    event.preventDefault()
    act()
    if (table.contains(document.activeElement)) chosen(here).focus()
  })

  function step(n) {
    const list = shown()
    const i = Math.min(Math.max(list.indexOf(here) + n, 0), list.length - 1)
    go(list[i])
  }

  function turn(n) {
    const m = here.marks[here.marks.indexOf(chosen(here)) + n]
    if (m) set(here, m.value)
  }

  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    PageDown: () => step(PAGE),
    PageUp: () => step(-PAGE),
    Home: () => go(shown()[0]),
    End: () => go(shown().pop()),
    ArrowRight: () => turn(1),
    ArrowLeft: () => turn(-1),
    ' ': () => toggle(here),
    Enter: () => toggle(here),
    Escape: () => {
      clear()
      find.focus()
    },
  }

  find.addEventListener('input', (event) => {
    if (!event.isComposing) filter()
  })
  find.addEventListener('compositionend', filter)
  find.addEventListener('keydown', (event) => {
    if (composing(event)) return
    const list = shown()
    if (event.key === 'Enter') {
      event.preventDefault() // Enter marks; only the button sends
      if (find.value.trim() !== '' && list.length === 1) {
        toggle(list[0])
        stop(list[0])
        find.select() // the next name simply overwrites this one
      } else if (list.length > 0) {
        go(list[0])
      }
    } else if (event.key === 'ArrowDown' && list.length > 0) {
      event.preventDefault()
      go(list.includes(here) ? here : list[0])
    } else if (event.key === 'Escape') {
      event.preventDefault()
      clear()
    }
  })

  // Enter in the lines above goes on to the names instead of sending a sheet
  // on which everybody is still present.
  for (const input of table.closest('form').querySelectorAll('#day, #title')) {
    input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || composing(event)) return
      event.preventDefault()
      find.focus()
    })
  }

  stop(here)
}
