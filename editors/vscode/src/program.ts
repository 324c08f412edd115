// Which program is the language server. Plain functions, without VS Code.
import * as path from 'node:path';

export interface Surroundings {
  setting: string | null | undefined; // lectern.server.path
  extension: string; // the extension's folder
  path: string; // the environment's PATH
  home: string;
  platform: NodeJS.Platform;
  exists: (file: string) => boolean;
}

export interface Program {
  file: string;
  source: 'setting' | 'bundled' | 'PATH';
}

/** The program to start, or why there is none, in words for the user. */
export function findProgram(s: Surroundings): Program | { missing: string } {
  const name = s.platform === 'win32' ? 'lectern.exe' : 'lectern';
  const join = s.platform === 'win32' ? path.win32.join : path.posix.join;
  const setting = s.setting?.trim();
  if (setting) {
    const file = setting.startsWith('~/') ? join(s.home, setting.slice(2)) : setting;
    if (s.exists(file)) {
      return { file, source: 'setting' };
    }
    return { missing: `The setting lectern.server.path names ${file}, which is not there.` };
  }
  const bundled = join(s.extension, 'server', name);
  if (s.exists(bundled)) {
    return { file: bundled, source: 'bundled' };
  }
  for (const folder of s.path.split(s.platform === 'win32' ? ';' : ':')) {
    if (folder && s.exists(join(folder, name))) {
      return { file: join(folder, name), source: 'PATH' };
    }
  }
  return {
    missing: 'There is no program `lectern`: this package has none for your system, and none is on the PATH.',
  };
}

/** Where the program came from, in words. */
export function describe(p: Program): string {
  switch (p.source) {
    case 'setting':
      return `${p.file} (from the setting lectern.server.path)`;
    case 'bundled':
      return `${p.file} (comes with the extension)`;
    case 'PATH':
      return `${p.file} (found on the PATH)`;
  }
}
