import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';

const { commandLink, mostPlaces, placesHtml, withCommandLinks, withPageLinks } = createRequire(import.meta.url)('../../dist/unit/links.js');

const place = (line, uri = 'file:///w/src/a.rs') => ({
  uri,
  hint: 'lost-update',
  range: { start: { line, character: 4 }, end: { line, character: 9 } },
});
const relative = (uri) => uri.replace('file:///w/', '');
const title = (hint) => (hint === 'lost-update' ? 'A lost <update>' : hint);
const page = (address) => commandLink('lectern.openPage', address);

test('a hover: links to pages become commands, all others stay', () => {
  const got = withCommandLinks('**T**\n\n[L](lectern:/c/a/b.md) · [web](https://example.org/a(b)) `](lectern:`');
  assert.equal(got, `**T**\n\n[L](${page('lectern:/c/a/b.md')}) · [web](https://example.org/a(b)) \`](lectern:\``);
});

test('the arguments of a command can be read back, and end no link', () => {
  const link = commandLink('a.b', "x (y) 'z' \"q\" ü", 3);
  assert.match(link, /^command:a\.b\?[\w%.~!*-]+$/);
  assert.deepEqual(JSON.parse(decodeURIComponent(link.split('?')[1])), ["x (y) 'z' \"q\" ü", 3]);
});

test('a page: relative links lead to pages, the web stays, everything else leads nowhere', () => {
  const base = 'lectern:/course/lock-free/orderings.md';
  const one = (href) => withPageLinks(`<a href="${href}" data-href="${href}" title="t">x</a>`, base);
  const link = (target) => `<a href="${target}">x</a>`;
  assert.equal(one('aba.md'), link(page('lectern:/course/lock-free/aba.md')));
  assert.equal(one('../unsafe/blocks.md#why'), link(page('lectern:/course/unsafe/blocks.md#why')));
  assert.equal(one('lectern:/course/a.md'), link(page('lectern:/course/a.md')));
  assert.equal(one('https://example.org/?a=1&amp;b=2'), link('https://example.org/?a=1&amp;b=2'));
  assert.equal(one('#why'), link('#why'));
  for (const bad of ['command:workbench.action.quit', 'javascript:alert(1)', 'file:///etc/passwd', 'COMMAND:x', 'vscode://x']) {
    assert.equal(one(bad), '<a>x</a>', bad);
  }
  assert.equal(withPageLinks('<a id="x">y</a>', base), '<a>y</a>');
});

test('places are links to their lines', () => {
  const got = placesHtml([place(10)], 1, relative, title);
  assert.ok(got.includes(`<a href="${commandLink('lectern.openPlace', 'file:///w/src/a.rs', 10)}">src/a.rs:11</a> A lost &lt;update&gt;`), got);
});

test('no places, no heading', () => {
  assert.equal(placesHtml([], 0, relative, title), '');
});

test('what is too much is counted', () => {
  const many = Array.from({ length: mostPlaces + 5 }, (_, i) => place(i));
  const got = placesHtml(many, 40, relative, title);
  assert.equal(got.match(/openPlace/g).length, mostPlaces);
  assert.match(got, new RegExp(`and ${40 - mostPlaces} more`));
});
