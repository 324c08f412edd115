// The walk over tree-sitter's tree without its cursor, which looks every node up in
// its parent four times. It reads the library's own structures as the version in
// go.mod has them; lectern_flat_agrees tells whether they are so.

#ifndef LECTERN_FLAT_H
#define LECTERN_FLAT_H

#include "walk.h"

// A place in the tree that the walk comes back to.
typedef struct lectern_level lectern_level;

// The levels around the node at work, kept from one walk to the next.
typedef struct {
  lectern_level *levels;
  uint32_t cap;
} lectern_path;

// Reports that the structures of a tree are as declared here, as far as its root
// tells. A tree that this was not asked about must not be walked.
bool lectern_flat_agrees(const void *tree);

// Writes all nodes below the root, as lectern_walk does with the root for a list.
// False when the output is too small.
bool lectern_flat_walk(const void *tree, const lectern_grammar *grammar, lectern_path *path, lectern_output *out);

#endif
