/*! htmx.org 4.0.1, Zero-Clause BSD */
// The only script of the pages. Everything works without it; it is quicker
// with it.
import 'htmx.org'
import { column } from './column.js'
import { forms } from './forms.js'
import { paper } from './paper.js'
import { picker } from './picker.js'
import { sheet } from './sheet.js'

document.documentElement.classList.add('js')

for (const table of document.querySelectorAll('[data-sheet]')) sheet(table)
for (const table of document.querySelectorAll('[data-column]')) column(table)
for (const box of document.querySelectorAll('[data-picker]')) picker(box)
forms()
paper()
