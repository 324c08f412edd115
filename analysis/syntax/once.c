#include "once.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WEAK extern __attribute__((weak))

WEAK void ts_set_allocator(void *(*)(size_t), void *(*)(size_t, size_t), void *(*)(void *, size_t), void (*)(void *));
WEAK void *ts_parser_new(void);
WEAK void ts_parser_delete(void *);
WEAK bool ts_parser_set_language(void *, const void *);
WEAK void ts_parser_set_timeout_micros(void *, uint64_t);
WEAK void *ts_parser_parse_string(void *, const void *, const char *, uint32_t);
WEAK lectern_node ts_tree_root_node(const void *);

bool lectern_once_available(void) {
  return lectern_walk_available() && ts_set_allocator && ts_parser_new && ts_parser_delete && ts_parser_set_language &&
         ts_parser_set_timeout_micros && ts_parser_parse_string && ts_tree_root_node;
}

// A block of memory. Pieces are taken off its front.
typedef struct block {
  struct block *next;
  size_t size;
} block;

// Freed pieces are kept by their size: of small ones each multiple of eight bytes
// has its list, of large ones each power of two.
enum { UNIT = 8, SMALL = 128, CLASSES = SMALL + 64 };

struct lectern_once {
  block *blocks, *block; // all blocks, and the one at work
  char *at, *end;        // what is left of it
  void *freed[CLASSES];
  lectern_row *rows;
  int32_t rows_cap;
  lectern_path path;
};

// The memory of the parse that runs on this thread, or NULL. Inside such a parse
// nothing is freed or grown that was not allocated inside of it.
static __thread lectern_once *scope;

static void *checked(void *memory, size_t size) {
  if (!memory && size) {
    fprintf(stderr, "lectern: no memory for %zu bytes of a syntax tree\n", size);
    abort();
  }
  return memory;
}

// Goes on to a block with room for a piece. Each is as large as all before it.
static void next_block(lectern_once *once, size_t size) {
  block *next = once->block ? once->block->next : once->blocks;
  if (!next || next->size < size) {
    size_t total = 1 << 20;
    for (block *b = once->blocks; b; b = b->next) total += b->size;
    if (total < size) total = size;
    next = checked(malloc(sizeof(block) + total), total);
    next->size = total;
    block **after = once->block ? &once->block->next : &once->blocks;
    next->next = *after;
    *after = next;
  }
  once->block = next;
  once->at = (char *)(next + 1);
  once->end = once->at + next->size;
}

static size_t class_of(size_t size) {
  if (size < UNIT * SMALL) return size / UNIT;
  return SMALL + (63 - __builtin_clzll(size));
}

// The size that a piece for `size` bytes has.
static size_t rounded(size_t size) {
  if (size < UNIT) return UNIT;
  if (size <= UNIT * (SMALL - 1)) return (size + UNIT - 1) & ~(size_t)(UNIT - 1);
  return (size_t)1 << (64 - __builtin_clzll(size - 1));
}

// A piece's size stands in front of it.
#define SIZE(memory) (((size_t *)(memory))[-1])

static inline void *take(lectern_once *once, size_t size) {
  size = rounded(size);
  void **freed = &once->freed[class_of(size)];
  void *piece = *freed;
  if (piece) {
    *freed = *(void **)piece;
    return piece;
  }
  if ((size_t)(once->end - once->at) < size + sizeof(size_t)) next_block(once, size + sizeof(size_t));
  piece = once->at + sizeof(size_t);
  once->at += size + sizeof(size_t);
  SIZE(piece) = size;
  return piece;
}

static inline void give(lectern_once *once, void *piece) {
  void **freed = &once->freed[class_of(SIZE(piece))];
  *(void **)piece = *freed;
  *freed = piece;
}

static void *once_malloc(size_t size) {
  return scope ? take(scope, size) : checked(malloc(size), size);
}

static void *once_calloc(size_t count, size_t size) {
  if (!scope) return checked(calloc(count, size), count * size);
  return memset(take(scope, count * size), 0, count * size); // no request of tree-sitter's overflows
}

static void *once_realloc(void *memory, size_t size) {
  if (!scope) return checked(realloc(memory, size), size);
  if (!memory) return take(scope, size);
  if (size <= SIZE(memory)) return memory;
  void *grown = memcpy(take(scope, size), memory, SIZE(memory));
  give(scope, memory);
  return grown;
}

static void once_free(void *memory) {
  if (!scope) {
    free(memory);
  } else if (memory) {
    give(scope, memory);
  }
}

void lectern_once_install(void) { ts_set_allocator(once_malloc, once_calloc, once_realloc, once_free); }

lectern_once *lectern_once_new(void) { return checked(calloc(1, sizeof(lectern_once)), sizeof(lectern_once)); }

// Frees the blocks from the one that would make more than `keep` bytes.
static void shrink(lectern_once *once, size_t keep) {
  block **b = &once->blocks;
  while (*b && (*b)->size <= keep) {
    keep -= (*b)->size;
    b = &(*b)->next;
  }
  for (block *next; *b; *b = next) {
    next = (*b)->next;
    free(*b);
  }
}

void lectern_once_free(lectern_once *once) {
  shrink(once, 0);
  free(once->rows);
  free(once->path.levels);
  free(once);
}

// The most bytes of blocks, and the most rows, that a long text leaves behind.
enum { KEPT_BYTES = 16 << 20, KEPT_ROWS = 1 << 18 };

static void reset(lectern_once *once) {
  shrink(once, KEPT_BYTES);
  once->block = NULL;
  once->at = once->end = NULL;
  memset(once->freed, 0, sizeof once->freed);
}

static void make_room(lectern_once *once, int32_t rows) {
  if (once->rows_cap >= rows && (once->rows_cap <= KEPT_ROWS || once->rows_cap < 2 * rows)) return;
  free(once->rows);
  once->rows = checked(malloc((size_t)rows * sizeof(lectern_row)), (size_t)rows * sizeof(lectern_row));
  once->rows_cap = rows;
}

bool lectern_once_parse(lectern_once *once, const void *language, const char *text, uint32_t length, uint64_t limit,
                        bool cursor, const lectern_grammar *grammar, lectern_parsed *parsed) {
  scope = once;
  void *parser = ts_parser_new();
  ts_parser_set_language(parser, language);
  ts_parser_set_timeout_micros(parser, limit);
  void *tree = ts_parser_parse_string(parser, NULL, text, length);
  if (tree) {
    lectern_node root = ts_tree_root_node(tree);
    // Ordinary code has a node for every three bytes.
    make_room(once, (int32_t)(length / 2 + 256));
    lectern_output out;
    cursor = cursor || !lectern_flat_agrees(tree);
    for (;;) {
      out = (lectern_output){once->rows, once->rows_cap, 0, NULL, 0, 0};
      if (cursor ? lectern_walk(root, false, 0, UINT32_MAX, grammar, &out)
                 : lectern_flat_walk(tree, grammar, &once->path, &out)) break;
      make_room(once, once->rows_cap * 2);
    }
    parsed->root = lectern_describe(root, grammar);
    parsed->rows = out.rows;
    parsed->length = out.rows_len;
  }
  ts_parser_delete(parser); // for what its scanner has of its own
  scope = NULL;
  reset(once);
  return tree != NULL;
}
