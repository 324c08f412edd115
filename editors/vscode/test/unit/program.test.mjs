import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';

const { findProgram, describe } = createRequire(import.meta.url)('../../dist/unit/program.js');

const surroundings = (files, more = {}) => ({
  setting: null,
  extension: '/ext',
  path: '/usr/bin:/home/ann/go/bin',
  home: '/home/ann',
  platform: 'linux',
  exists: (file) => files.includes(file),
  ...more,
});

test('the setting comes first, then the bundled program, then the PATH', () => {
  const all = ['/opt/lectern', '/ext/server/lectern', '/home/ann/go/bin/lectern'];
  assert.deepEqual(findProgram(surroundings(all, { setting: '/opt/lectern' })), { file: '/opt/lectern', source: 'setting' });
  assert.deepEqual(findProgram(surroundings(all)), { file: '/ext/server/lectern', source: 'bundled' });
  assert.deepEqual(findProgram(surroundings(all.slice(2))), { file: '/home/ann/go/bin/lectern', source: 'PATH' });
});

test('a setting that leads nowhere is said, and nothing else is started', () => {
  const found = findProgram(surroundings(['/ext/server/lectern'], { setting: '/opt/no' }));
  assert.match(found.missing, /lectern\.server\.path names \/opt\/no/);
});

test('a setting may begin at home', () => {
  assert.equal(findProgram(surroundings(['/home/ann/bin/lectern'], { setting: ' ~/bin/lectern ' })).file, '/home/ann/bin/lectern');
});

test('without any program it says what was looked for', () => {
  assert.match(findProgram(surroundings([])).missing, /none is on the PATH/);
  assert.match(findProgram(surroundings([], { path: '' })).missing, /lectern/);
});

test('Windows', () => {
  const found = findProgram(surroundings(['C:\\bin\\lectern.exe'], { platform: 'win32', extension: 'C:\\ext', path: 'C:\\windows;C:\\bin' }));
  assert.deepEqual(found, { file: 'C:\\bin\\lectern.exe', source: 'PATH' });
});

test('where a program came from, in words', () => {
  assert.equal(describe({ file: '/a', source: 'bundled' }), '/a (comes with the extension)');
  assert.equal(describe({ file: '/a', source: 'PATH' }), '/a (found on the PATH)');
  assert.match(describe({ file: '/a', source: 'setting' }), /lectern\.server\.path/);
});
