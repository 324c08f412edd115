// The walk from tree-sitter's tree to flat rows, in one call into C.
//
// tree-sitter's public structures and functions are declared here instead of
// being included: the Go binding that links the library does not export its
// headers. The layouts are those of tree_sitter/api.h, ABI 14.

#ifndef LECTERN_WALK_H
#define LECTERN_WALK_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  uint32_t context[4];
  const void *id;
  const void *tree;
} lectern_node;

// Row mirrors tree.Row, field by field.
typedef struct {
  uint32_t start, end;
  int32_t parent, skip, prev;
  uint16_t symbol;
  uint8_t field, flags;
} lectern_row;

// A hole is a list of items that the walk did not enter.
typedef struct {
  lectern_node list;
  int32_t row; // of the gap that stands for the items
  uint32_t start, end;
} lectern_hole;

// What the grammar says about a symbol; see tables in walk.go.
enum { LECTERN_CONTAINER = 1, LECTERN_LIST = 2, LECTERN_OPEN = 4, LECTERN_CLOSE = 8, LECTERN_CALL = 16, LECTERN_TOKENS = 32 };

// How many bytes something broken must have to be a container of its pieces.
enum { LECTERN_BROKEN = 4096 };

typedef struct {
  const uint16_t *canonical; // by symbol
  const uint8_t *roles;      // by symbol
  uint32_t symbols;
} lectern_grammar;

typedef struct {
  lectern_row *rows;
  int32_t rows_cap, rows_len;
  lectern_hole *holes;
  int32_t holes_cap, holes_len;
} lectern_output;

bool lectern_walk_available(void);

// The row of a node by itself, without its neighbors.
lectern_row lectern_describe(lectern_node node, const lectern_grammar *grammar);

// Writes the children of `list` that start in [from, to), each with all its
// descendants. With `split`, the lists of items inside top-level containers are
// left out as holes, and the pieces of a long ERROR and of the tokens of a long
// macro call with an error. This and the two below are false when the output is too
// small.
bool lectern_walk(lectern_node list, bool split, uint32_t from, uint32_t to,
                  const lectern_grammar *grammar, lectern_output *out);

// Writes the children of `list`, without what is below them. `skip` is 1 for one
// that has children, and 0 for one without.
bool lectern_outline(lectern_node list, const lectern_grammar *grammar, lectern_output *out);

// Writes `count` children of `list`, from number `first` on, which starts at or
// behind `from`, each with all its descendants, as lectern_walk does.
bool lectern_pick(lectern_node list, bool split, uint32_t from, uint32_t first, uint32_t count,
                  const lectern_grammar *grammar, lectern_output *out);

#endif
