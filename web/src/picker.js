import { composing, matches } from './match.js'

// picker puts a box above a list of people in which one types a name or its
// initials; the first who matches is chosen.
export function picker(box) {
  const list = box.querySelector('select')
  const label = document.createElement('label')
  const input = document.createElement('input')
  label.htmlFor = input.id = `${list.id}-find`
  label.className = 'visually-hidden'
  label.textContent = '姓名或拼音首字母'
  input.type = 'search'
  input.className = 'form-control'
  input.placeholder = '姓名或拼音首字母'
  input.autocomplete = 'off'
  input.spellcheck = false
  list.before(label, input)

  const people = [...list.options].filter((option) => option.value !== '')
  input.addEventListener('input', (event) => {
    if (!event.isComposing) choose()
  })
  input.addEventListener('compositionend', choose)
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || composing(event)) return
    event.preventDefault() // Enter means "that one", not "send"
    list.focus()
  })
  if (list.autofocus) input.focus()

  function choose() {
    const found = input.value.trim() === '' ? [] : people.filter((option) => matches(input.value, option.text, option.dataset.find ?? ''))
    for (const option of people) option.hidden = found.length > 0 && !found.includes(option)
    if (found.length > 0) list.value = found[0].value
  }
}
