// Writes the settings into package.json, from the schema of lectern.yaml, which has the
// same keys. With --check it only says whether they are up to date.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const manifestFile = path.join(here, '..', 'package.json');
const schema = JSON.parse(fs.readFileSync(path.join(here, '../../../analysis/config/lectern.schema.json'), 'utf8'));

// What belongs to the editor's side of the client.
const own = {
  'lectern.server.path': {
    type: ['string', 'null'],
    default: null,
    scope: 'machine-overridable',
    markdownDescription:
      'The program to start. Left empty, it is the one that comes with the extension, else `lectern` on the PATH.',
  },
  'lectern.trace.server': {
    type: 'string',
    enum: ['off', 'messages', 'verbose'],
    default: 'off',
    scope: 'window',
    description: 'What of the talk between editor and server is logged.',
  },
};

// A key that is left alone must say nothing, so that lectern.yaml decides: null, not the default.
function settings(prefix, properties) {
  const out = {};
  for (const [name, p] of Object.entries(properties)) {
    const key = `${prefix}.${name}`;
    if (p.properties) {
      Object.assign(out, settings(key, p.properties));
      continue;
    }
    const one = { scope: 'resource', markdownDescription: p.description };
    if (p.default !== undefined) {
      one.markdownDescription += ` Left empty: what \`lectern.yaml\` says, else \`${p.default}\`.`;
    }
    const types = [p.type ?? 'string'].flat();
    if (types.includes('array')) {
      Object.assign(one, { type: 'array', items: p.items, default: [] });
    } else if (types.includes('object')) {
      Object.assign(one, { type: 'object', additionalProperties: p.additionalProperties, default: {} });
    } else {
      Object.assign(one, { type: [types[0], 'null'], default: null });
      if (p.enum) {
        one.enum = [null, ...p.enum.filter((v) => v !== null)];
        one.enumItemLabels = ['(left to lectern.yaml)', ...one.enum.slice(1)];
      }
    }
    out[key] = one;
  }
  return out;
}

const old = fs.readFileSync(manifestFile, 'utf8');
const manifest = JSON.parse(old);
manifest.contributes.configuration = {
  title: 'Lectern',
  properties: { ...own, ...settings('lectern', schema.properties) },
};
const text = JSON.stringify(manifest, null, 2) + '\n';
if (process.argv.includes('--check')) {
  if (text !== old) {
    console.error('package.json is stale: run npm run generate');
    process.exit(1);
  }
} else {
  fs.writeFileSync(manifestFile, text);
}
