// How a name is found by what was typed: a part of it, or its pinyin initials
// from the first on. Full-width letters count as plain ones.

export function fold(text) {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '')
}

// matches reports whether a typed text finds a name. initials may hold several
// readings apart by spaces, as 吕 is found by lv and by lu.
export function matches(typed, name, initials) {
  const query = fold(typed)
  if (query === '' || fold(name).includes(query)) return true
  return initials.split(' ').some((reading) => reading !== '' && fold(reading).startsWith(query))
}

// isLetter reports whether a key puts a letter down, so that typing may begin
// anywhere in a list.
export function isLetter(event) {
  return !event.ctrlKey && !event.altKey && !event.metaKey && /^[\p{L}]$/u.test(event.key)
}

// composing reports whether a key belongs to an input method that is still
// choosing characters.
export function composing(event) {
  return event.isComposing || event.keyCode === 229
}
