import assert from 'node:assert/strict'
import { test } from 'node:test'
import { composing, isLetter, matches } from './match.js'

test('a name is found by a part of it', () => {
  assert.ok(matches('示例', '张示例', 'zsl'))
  assert.ok(matches('例别克', '示例别克·例江', 'slbklj'))
  assert.ok(!matches('甲', '张示例', 'zsl'))
})

test('initials are read from the first on', () => {
  assert.ok(matches('zs', '张示例', 'zsl'))
  assert.ok(!matches('sl', '张示例', 'zsl'))
})

test('a name with several readings is found by each', () => {
  assert.ok(matches('lvs', '吕示例', 'lsl lvsl lusl'))
  assert.ok(matches('lus', '吕示例', 'lsl lvsl lusl'))
})

test('full-width letters, capitals and spaces do not matter', () => {
  assert.ok(matches('ＺＳＬ', '张示例', 'zsl'))
  assert.ok(matches(' Z s', '张示例', 'zsl'))
})

test('nothing typed finds everybody, no initials find nobody', () => {
  assert.ok(matches('', '张示例', ''))
  assert.ok(matches('  ', '张示例', ''))
  assert.ok(!matches('z', '张示例', ''))
})

test('rare characters are found by themselves', () => {
  assert.ok(matches('䶮', '示䶮', ''))
  assert.ok(matches('㛃', '例㛃', ''))
})

test('only a bare letter begins a search', () => {
  assert.ok(isLetter({ key: 'z' }))
  assert.ok(!isLetter({ key: 'z', ctrlKey: true }))
  for (const key of ['ArrowDown', 'Enter', ' ', '1', 'F5']) assert.ok(!isLetter({ key }), key)
})

test('keys of an input method are left alone', () => {
  assert.ok(composing({ isComposing: true, keyCode: 65 }))
  assert.ok(composing({ isComposing: false, keyCode: 229 }))
  assert.ok(!composing({ isComposing: false, keyCode: 65 }))
})
