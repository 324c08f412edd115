#include "flat.h"

#include <stdio.h>
#include <stdlib.h>

#define WEAK extern __attribute__((weak))

WEAK lectern_node ts_tree_root_node(const void *);
WEAK uint32_t ts_node_start_byte(lectern_node);
WEAK uint32_t ts_node_end_byte(lectern_node);
WEAK uint32_t ts_node_child_count(lectern_node);
WEAK uint32_t ts_language_version(const void *);

// What follows are parser.h, subtree.h and tree.h of tree-sitter, ABI 14, up to the
// last field that is read, on a machine of 64 bits with the low byte first.

typedef struct {
  uint8_t field, _high, child, inherited;
} field_entry;

typedef struct {
  uint16_t index, length;
} field_slice;

typedef struct {
  bool visible, named, supertype;
} symbol_facts;

typedef struct {
  uint32_t version, symbol_count, alias_count, token_count, external_token_count, state_count, large_state_count,
    production_id_count, field_count;
  uint16_t max_alias_sequence_length;
  const void *tables[6];
  const field_slice *field_slices;
  const field_entry *field_entries;
  const symbol_facts *symbols;
  const uint16_t *public_symbols;
  const uint16_t *alias_map;
  const uint16_t *alias_sequences;
} language;

typedef struct {
  uint32_t bytes, row, column;
} length;

// A small leaf is kept in the place of a pointer to it.
typedef struct {
  bool is_inline : 1, visible : 1, named : 1, extra : 1, has_changes : 1, is_missing : 1, is_keyword : 1;
  uint8_t symbol;
  uint16_t parse_state;
  uint8_t padding_columns;
  uint8_t padding_rows : 4, lookahead_bytes : 4;
  uint8_t padding_bytes, size_bytes;
} small;

typedef struct {
  uint32_t ref_count;
  length padding, size;
  uint32_t lookahead_bytes, error_cost, child_count;
  uint16_t symbol, parse_state;
  bool visible : 1, named : 1, extra : 1, fragile_left : 1, fragile_right : 1, has_changes : 1, has_external_tokens : 1,
    has_external_scanner_state_change : 1, depends_on_column : 1, is_missing : 1, is_keyword : 1;
  uint32_t visible_child_count, named_child_count, visible_descendant_count; // of one with children
  int32_t dynamic_precedence;
  uint16_t repeat_depth, production_id;
} large;

typedef union {
  small small;
  const large *large; // its children stand in front of it
} subtree;

typedef struct {
  subtree root;
  const language *language;
} whole;

struct lectern_level {
  const subtree *children;
  uint32_t next, count;
  uint32_t structural; // number of the next child among those that are no extras
  const uint16_t *aliases;
  field_slice fields;
  uint32_t end;   // of the child before, or the start of the node
  int32_t row;    // of the node, or of the visible one around it
  int32_t prev;   // row of the last child; of a hidden node in the level of the visible one
  uint32_t owner; // the level of the visible node
  uint8_t field;  // of a hidden node, which its children have if they have none of their own
};

bool lectern_flat_agrees(const void *tree) {
#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
  return false;
#endif
  if (sizeof(void *) != 8 || sizeof(small) != 8 || !ts_tree_root_node || !ts_node_child_count || !ts_language_version) return false;
  const whole *t = tree;
  lectern_node root = ts_tree_root_node(tree);
  if (ts_language_version(t->language) != 14 || t->language->version != 14 || t->root.small.is_inline) return false;
  const large *r = t->root.large;
  return ts_node_start_byte(root) == r->padding.bytes && ts_node_end_byte(root) == r->padding.bytes + r->size.bytes &&
         r->child_count > 0 && ts_node_child_count(root) == r->visible_child_count && r->ref_count == 1;
}

static void deepen(lectern_path *path) {
  path->cap = path->cap ? 2 * path->cap : 64;
  path->levels = realloc(path->levels, path->cap * sizeof(lectern_level));
  if (!path->levels) {
    fprintf(stderr, "lectern: no memory for a syntax tree %u levels deep\n", path->cap);
    abort();
  }
}

static void open_level(lectern_level *level, const large *node, const language *language, uint32_t start) {
  *level = (lectern_level){
    .children = (const subtree *)node - node->child_count,
    .count = node->child_count,
    .aliases = node->production_id ? &language->alias_sequences[node->production_id * language->max_alias_sequence_length] : NULL,
    .fields = language->field_count ? language->field_slices[node->production_id] : (field_slice){0, 0},
    .end = start,
    .prev = -1,
  };
}

enum { NAMED = 1, EXTRA = 2, MISSING = 4, HAS_ERROR = 8 };

bool lectern_flat_walk(const void *tree, const lectern_grammar *grammar, lectern_path *path, lectern_output *out) {
  const whole *t = tree;
  const language *language = t->language;
  if (path->cap == 0) deepen(path);
  open_level(&path->levels[0], t->root.large, language, t->root.large->padding.bytes);
  path->levels[0].row = -1;
  uint32_t depth = 0;
  for (;;) {
    lectern_level *level = &path->levels[depth];
    if (level->next == level->count) {
      if (depth == 0) return true;
      if (level->owner == depth) out->rows[level->row].skip = out->rows_len;
      depth--;
      continue;
    }
    const subtree *child = &level->children[level->next];
    const large *node = child->small.is_inline ? NULL : child->large;
    uint32_t start = level->end;
    if (level->next++ > 0) start += node ? node->padding.bytes : child->small.padding_bytes;
    level->end = start + (node ? node->size.bytes : child->small.size_bytes);

    bool extra = node ? node->extra : child->small.extra;
    uint16_t alias = 0;
    uint8_t field = 0;
    if (!extra) {
      if (level->aliases) alias = level->aliases[level->structural];
      field = level->owner == depth ? 0 : level->field;
      const field_entry *entry = &language->field_entries[level->fields.index];
      for (uint16_t i = 0; i < level->fields.length; i++, entry++) {
        if (!entry->inherited && entry->child == level->structural) {
          field = entry->field;
          break;
        }
      }
      level->structural++;
    }

    uint32_t owner = level->owner;
    int32_t row = level->row;
    bool visible = alias || (node ? node->visible : child->small.visible);
    if (visible) {
      if (out->rows_len == out->rows_cap) return false;
      bool missing = node ? node->is_missing : child->small.is_missing;
      uint8_t flags = 0;
      if (alias ? language->symbols[alias].named : node ? node->named : child->small.named) flags |= NAMED;
      if (extra) flags |= EXTRA;
      if (missing) flags |= MISSING;
      if (missing || (node && node->error_cost > 0)) flags |= HAS_ERROR;
      uint16_t symbol = alias ? alias : node ? node->symbol : child->small.symbol;
      if (symbol != 0xFFFF) symbol = language->public_symbols[symbol];
      if (symbol < grammar->symbols) symbol = grammar->canonical[symbol];
      row = out->rows_len++;
      lectern_level *around = &path->levels[owner];
      out->rows[row] = (lectern_row){start, level->end, level->row, row + 1, around->prev, symbol, field, flags};
      around->prev = row;
      owner = depth + 1;
    }
    if (!node || node->child_count == 0 || (!visible && node->visible_child_count == 0)) continue;
    if (++depth == path->cap) deepen(path);
    level = &path->levels[depth];
    open_level(level, node, language, start);
    level->row = row;
    level->owner = owner;
    level->field = field;
  }
}
