// A text that is parsed once and not edited needs tree-sitter's tree only until it
// is rows. So parser and tree live in memory that is taken piece by piece off
// large blocks and given back as a whole.

#ifndef LECTERN_ONCE_H
#define LECTERN_ONCE_H

#include "flat.h"

typedef struct lectern_once lectern_once;

// What came of a text: its root and all nodes below it. The rows at the top are
// the root's children. They are good until the next parse.
typedef struct {
  lectern_row root;
  lectern_row *rows;
  int32_t length;
} lectern_parsed;

bool lectern_once_available(void);

// Makes tree-sitter ask here for memory. To be called once, before all else.
void lectern_once_install(void);

lectern_once *lectern_once_new(void);
void lectern_once_free(lectern_once *);

// Parses a text and walks the whole tree, with tree-sitter's cursor or without. False
// when it took longer than `limit` microseconds.
bool lectern_once_parse(lectern_once *, const void *language, const char *text, uint32_t length, uint64_t limit,
                        bool cursor, const lectern_grammar *, lectern_parsed *);

#endif
