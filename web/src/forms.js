import { say } from './say.js'

// forms adds what makes plain forms kinder: a form is sent once, the cursor
// stands where something is to be mended, a tick in the head of a column ticks
// all, and what the last form did is read out.
export function forms() {
  document.addEventListener('submit', once)
  window.addEventListener('pageshow', again) // back from the next page

  for (const all of document.querySelectorAll('[data-all]')) {
    all.addEventListener('change', () => {
      for (const box of all.closest('table').querySelectorAll('tbody input[type="checkbox"]')) box.checked = all.checked
    })
  }

  const wrong = document.querySelector('[aria-invalid="true"]')
  const beside = document.querySelector('form .beside')?.closest('form')
  ;(wrong ?? beside?.querySelector('input:not([type="hidden"]), select'))?.focus()

  const notice = document.querySelector('[data-say]')
  if (notice) requestAnimationFrame(() => say(notice.dataset.say))
}

// once lets a form go out a single time. Its buttons are not disabled, because
// a disabled button is not sent along.
function once(event) {
  const form = event.target
  if (!form.hasAttribute('data-once')) return
  if (form.dataset.sent) {
    event.preventDefault()
    return
  }
  form.dataset.sent = 'yes'
  say('正在保存')
}

function again() {
  for (const form of document.querySelectorAll('form[data-once]')) delete form.dataset.sent
}
