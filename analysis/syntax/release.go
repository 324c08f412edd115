package syntax

/*
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
static void lectern_release(void) { malloc_trim(0); }
#else
static void lectern_release(void) {}
#endif
*/
import "C"

// Release gives memory that tree-sitter has freed back to the system, where C's
// library keeps it: glibc has a heap for each thread, and every edit leaves holes in
// them. It takes some milliseconds, in which other parses may have to wait.
func Release() { C.lectern_release() }
