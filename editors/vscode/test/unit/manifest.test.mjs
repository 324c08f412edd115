import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import test from 'node:test';

const manifest = JSON.parse(fs.readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

test('the settings are those of lectern.yaml', () => {
  const run = spawnSync(process.execPath, [new URL('../../scripts/settings.mjs', import.meta.url).pathname, '--check'], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
});

test('a setting that is left alone says nothing', () => {
  for (const [name, p] of Object.entries(manifest.contributes.configuration.properties)) {
    const empty = p.default === null || p.default === 'off' || (typeof p.default === 'object' && Object.keys(p.default).length === 0);
    assert.ok(empty, `${name} has the default ${JSON.stringify(p.default)}`);
    assert.ok(p.description || p.markdownDescription, `${name} has no description`);
  }
});

test('each command that a menu or the walkthrough names is one', () => {
  const known = new Set(manifest.contributes.commands.map((c) => c.command));
  const text = JSON.stringify({ ...manifest.contributes, commands: [], configuration: {} });
  for (const [, name] of text.matchAll(/(?:command:|"command":"|onCommand:)(lectern\.\w+)/g)) {
    assert.ok(known.has(name), name);
  }
});
