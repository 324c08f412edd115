#include "walk.h"

#include <stdlib.h>

typedef struct {
  const void *tree;
  const void *id;
  uint32_t context[3];
} lectern_cursor;

#define WEAK extern __attribute__((weak))

// Weak, because only the final link of a program meets the library.
WEAK lectern_cursor ts_tree_cursor_new(lectern_node);
WEAK void ts_tree_cursor_delete(lectern_cursor *);
WEAK lectern_node ts_tree_cursor_current_node(const lectern_cursor *);
WEAK uint16_t ts_tree_cursor_current_field_id(const lectern_cursor *);
WEAK bool ts_tree_cursor_goto_parent(lectern_cursor *);
WEAK bool ts_tree_cursor_goto_next_sibling(lectern_cursor *);
WEAK bool ts_tree_cursor_goto_first_child(lectern_cursor *);
WEAK bool ts_tree_cursor_goto_last_child(lectern_cursor *);
WEAK int64_t ts_tree_cursor_goto_first_child_for_byte(lectern_cursor *, uint32_t);
WEAK uint32_t ts_node_child_count(lectern_node);
WEAK uint16_t ts_node_symbol(lectern_node);
WEAK uint32_t ts_node_start_byte(lectern_node);
WEAK uint32_t ts_node_end_byte(lectern_node);
WEAK bool ts_node_is_named(lectern_node);
WEAK bool ts_node_is_extra(lectern_node);
WEAK bool ts_node_is_missing(lectern_node);
WEAK bool ts_node_has_error(lectern_node);

bool lectern_walk_available(void) {
  return ts_tree_cursor_new && ts_tree_cursor_delete && ts_tree_cursor_current_node &&
         ts_tree_cursor_current_field_id && ts_tree_cursor_goto_parent &&
         ts_tree_cursor_goto_next_sibling && ts_tree_cursor_goto_first_child &&
         ts_tree_cursor_goto_last_child && ts_tree_cursor_goto_first_child_for_byte &&
         ts_node_child_count && ts_node_symbol && ts_node_start_byte && ts_node_end_byte && ts_node_is_named &&
         ts_node_is_extra && ts_node_is_missing && ts_node_has_error;
}

enum { ERROR_SYMBOL = 0xFFFF };
enum { NAMED = 1, EXTRA = 2, MISSING = 4, HAS_ERROR = 8, GAP = 16 };

static bool push(lectern_output *out, lectern_row row) {
  if (out->rows_len == out->rows_cap) return false;
  out->rows[out->rows_len++] = row;
  return true;
}

// The row of a node, without its place among the others.
static lectern_row describe(lectern_node node, const lectern_grammar *grammar, uint16_t *raw) {
  uint16_t symbol = *raw = ts_node_symbol(node);
  uint8_t flags = 0;
  if (ts_node_is_named(node)) flags |= NAMED;
  if (ts_node_is_extra(node)) flags |= EXTRA;
  if (ts_node_is_missing(node)) flags |= MISSING;
  if (ts_node_has_error(node)) flags |= HAS_ERROR;
  return (lectern_row){
    ts_node_start_byte(node), ts_node_end_byte(node), -1, 0, -1,
    symbol < grammar->symbols ? grammar->canonical[symbol] : symbol, 0, flags,
  };
}

// Writes the node under the cursor as a row.
static bool emit(lectern_cursor *cursor, int32_t parent, int32_t prev, const lectern_grammar *grammar,
                 lectern_output *out, uint16_t *raw) {
  lectern_row row = describe(ts_tree_cursor_current_node(cursor), grammar, raw);
  row.parent = parent;
  row.skip = out->rows_len + 1;
  row.prev = prev;
  row.field = (uint8_t)ts_tree_cursor_current_field_id(cursor);
  return push(out, row);
}

static uint8_t role(const lectern_grammar *grammar, uint16_t symbol) {
  return symbol < grammar->symbols ? grammar->roles[symbol] : 0;
}

// Writes the brackets of the list under the cursor and a gap for what is between.
static bool leave_out(lectern_cursor *cursor, int32_t list, const lectern_grammar *grammar, lectern_output *out) {
  lectern_node node = ts_tree_cursor_current_node(cursor);
  uint32_t start = ts_node_start_byte(node), end = ts_node_end_byte(node);
  int32_t prev = -1;
  uint16_t raw;
  if (ts_tree_cursor_goto_first_child(cursor)) {
    if (role(grammar, ts_node_symbol(ts_tree_cursor_current_node(cursor))) & LECTERN_OPEN) {
      prev = out->rows_len;
      if (!emit(cursor, list, -1, grammar, out, &raw)) return false;
      start = out->rows[prev].end;
    }
    ts_tree_cursor_goto_parent(cursor);
  }
  int32_t gap = out->rows_len;
  lectern_row row = {start, end, list, gap + 1, prev, 0, 0, GAP};
  if (!push(out, row)) return false;
  if (ts_tree_cursor_goto_last_child(cursor)) {
    lectern_node last = ts_tree_cursor_current_node(cursor);
    if ((role(grammar, ts_node_symbol(last)) & LECTERN_CLOSE) && ts_node_start_byte(last) >= start) {
      end = out->rows[gap].end = ts_node_start_byte(last);
      if (!emit(cursor, list, gap, grammar, out, &raw)) return false;
    }
    ts_tree_cursor_goto_parent(cursor);
  }
  out->rows[list].skip = out->rows_len;
  if (out->holes_len == out->holes_cap) return false;
  lectern_hole hole = {node, gap, start, end};
  out->holes[out->holes_len++] = hole;
  return true;
}

// Writes a gap for all children of the node under the cursor.
static bool leave_out_all(lectern_cursor *cursor, int32_t list, lectern_output *out) {
  lectern_node node = ts_tree_cursor_current_node(cursor);
  uint32_t start = ts_node_start_byte(node), end = ts_node_end_byte(node);
  int32_t gap = out->rows_len;
  lectern_row row = {start, end, list, gap + 1, -1, 0, 0, GAP};
  if (!push(out, row) || out->holes_len == out->holes_cap) return false;
  out->rows[list].skip = out->rows_len;
  lectern_hole hole = {node, gap, start, end};
  out->holes[out->holes_len++] = hole;
  return true;
}

// Writes the node under the cursor and all below it. The cursor comes back to
// the node. Depth costs no stack: the way up is in the rows.
static bool subtree(lectern_cursor *cursor, int32_t prev, bool split, const lectern_grammar *grammar,
                    lectern_output *out) {
  int32_t root = out->rows_len, parent = root;
  uint16_t raw;
  if (!emit(cursor, -1, prev, grammar, out, &raw)) return false;
  uint8_t list = split && (role(grammar, raw) & LECTERN_CONTAINER) ? LECTERN_LIST : 0;
  if (split && (out->rows[root].flags & HAS_ERROR) && out->rows[root].end - out->rows[root].start >= LECTERN_BROKEN) {
    if (raw == ERROR_SYMBOL || (role(grammar, raw) & LECTERN_TOKENS)) return leave_out_all(cursor, root, out);
    if (role(grammar, raw) & LECTERN_CALL) list = LECTERN_TOKENS;
  }
  if (!ts_tree_cursor_goto_first_child(cursor)) return true;
  int32_t before = -1;
  for (;;) {
    int32_t at = out->rows_len;
    if (!emit(cursor, parent, before, grammar, out, &raw)) return false;
    if (list && parent == root && (role(grammar, raw) & list)) {
      if (!leave_out(cursor, at, grammar, out)) return false;
    } else if (ts_tree_cursor_goto_first_child(cursor)) {
      parent = at;
      before = -1;
      continue;
    }
    before = at;
    while (!ts_tree_cursor_goto_next_sibling(cursor)) {
      ts_tree_cursor_goto_parent(cursor);
      out->rows[parent].skip = out->rows_len;
      if (parent == root) return true;
      before = parent;
      parent = out->rows[parent].parent;
    }
  }
}

lectern_row lectern_describe(lectern_node node, const lectern_grammar *grammar) {
  uint16_t raw;
  return describe(node, grammar, &raw);
}

bool lectern_walk(lectern_node list, bool split, uint32_t from, uint32_t to,
                  const lectern_grammar *grammar, lectern_output *out) {
  lectern_cursor cursor = ts_tree_cursor_new(list);
  bool fits = true;
  bool more = ts_tree_cursor_goto_first_child_for_byte(&cursor, from) >= 0;
  int32_t prev = -1;
  while (more && fits) {
    lectern_node node = ts_tree_cursor_current_node(&cursor);
    uint32_t start = ts_node_start_byte(node);
    if (start >= to) break;
    if (start >= from) {
      int32_t at = out->rows_len;
      fits = subtree(&cursor, prev, split, grammar, out);
      prev = at;
    }
    more = ts_tree_cursor_goto_next_sibling(&cursor);
  }
  ts_tree_cursor_delete(&cursor);
  return fits;
}

bool lectern_outline(lectern_node list, const lectern_grammar *grammar, lectern_output *out) {
  lectern_cursor cursor = ts_tree_cursor_new(list);
  bool fits = true;
  uint16_t raw;
  for (bool more = ts_tree_cursor_goto_first_child(&cursor); more && fits; more = ts_tree_cursor_goto_next_sibling(&cursor)) {
    fits = emit(&cursor, -1, out->rows_len - 1, grammar, out, &raw);
    if (fits) out->rows[out->rows_len - 1].skip = ts_node_child_count(ts_tree_cursor_current_node(&cursor)) > 0;
  }
  ts_tree_cursor_delete(&cursor);
  return fits;
}

bool lectern_pick(lectern_node list, bool split, uint32_t from, uint32_t first, uint32_t count,
                  const lectern_grammar *grammar, lectern_output *out) {
  lectern_cursor cursor = ts_tree_cursor_new(list);
  // A child without bytes may stand in front of the one that is looked for.
  int64_t at = ts_tree_cursor_goto_first_child_for_byte(&cursor, from);
  bool more = at >= 0;
  if (at < 0 || at > (int64_t)first) {
    ts_tree_cursor_delete(&cursor);
    cursor = ts_tree_cursor_new(list);
    more = ts_tree_cursor_goto_first_child(&cursor);
    at = 0;
  }
  for (; more && at < (int64_t)first; at++) more = ts_tree_cursor_goto_next_sibling(&cursor);
  bool fits = true;
  int32_t prev = -1;
  while (more && fits && count > 0) {
    int32_t row = out->rows_len;
    fits = subtree(&cursor, prev, split, grammar, out);
    prev = row;
    count--;
    more = ts_tree_cursor_goto_next_sibling(&cursor);
  }
  ts_tree_cursor_delete(&cursor);
  return fits;
}
