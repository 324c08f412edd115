// What the server's commands answer, and what it says of itself.

export interface ListedHint {
  id: string;
  title: string;
  kind: 'concept' | 'pitfall' | 'praise';
  severity: string;
}

export interface ListedSection {
  id: string; // '' for a page that is not written yet
  title: string;
  uri?: string;
  hints: ListedHint[];
}

export interface ListedChapter {
  id: string;
  title: string;
  sections: ListedSection[]; // the chapter's own page first
}

export interface ListedCourse {
  id: string;
  title: string;
  chapters: ListedChapter[];
}

export interface Place {
  uri: string;
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
  hint: string;
}

/** Places with what is wrong in front of what is merely used; else in their order. */
export function pitfallsFirst(places: Place[], hint: (id: string) => ListedHint | undefined): Place[] {
  const rank = (p: Place) => (hint(p.hint)?.kind === 'pitfall' ? 0 : 1);
  return [...places].sort((a, b) => rank(a) - rank(b));
}

export interface ServerStatus {
  health: 'ok' | 'warning' | 'error';
  quiescent: boolean;
  message?: string;
}
