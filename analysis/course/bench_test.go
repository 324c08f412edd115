package course

import (
	"fmt"
	"os"
	"testing"
	"testing/fstest"
)

// model is a hint of usual length.
const model = `---
title: Printing inside the allocator
kind: pitfall
severity: error
message: "` + "`{macro}!` allocates while `{method}`" + ` is allocating"
references:
  - https://doc.rust-lang.org/std/alloc/trait.GlobalAlloc.html
related:
  - {capture: "@method", message: "inside this method of the global allocator"}
fixes:
  - title: Remove the call
    applicability: maybe-incorrect
    edits: [{delete: "@hint", whole-line: true}]
---
This macro needs memory, and the global allocator is what gives it: the call comes back to this very method.

## Why

Standard output allocates its buffer when it is first used. Inside the allocator that request arrives at the method that is running.

## What to do

Count in an atomic and print from outside, or use a heap profiler. Printing to standard error happens to work.

` + "```query name=\"method\"" + `
((impl_item
   trait: (_) @trait
   body: (declaration_list (function_item name: (identifier) @method) @here))
  (#path? @trait "std::alloc::GlobalAlloc"))
` + "```\n\n```query" + `
((macro_invocation macro: (_) @macro) @hint
  (#path? @macro "std::println" "std::print" "std::dbg" "std::format" "std::vec")
  (#inside? @hint method))
` + "```\n\n```rust fires no_run=\"it would not end\"" + `
unsafe impl GlobalAlloc for Noisy {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        println!("alloc {}", layout.size()); //~ model
        unsafe { System.alloc(layout) }
    }
}
` + "```\n\n```rust fixed=\"Remove the call\"" + `
unsafe impl GlobalAlloc for Noisy {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { System.alloc(layout) }
    }
}
` + "```\n\nAnything else may print:\n\n```rust silent" + `
fn main() {
    println!("fine");
}
` + "```\n"

// large is a course of n hints in ten sections.
func large(n int) fstest.MapFS {
	out := fstest.MapFS{"course.yaml": {Data: []byte("id: large\ntitle: Large\n")}}
	summary := "# Summary\n\n"
	for s := range 10 {
		summary += fmt.Sprintf("- [Chapter %d]()\n    - [Section](c%d/s.md)\n", s, s)
		out[fmt.Sprintf("c%d/s.md", s)] = &fstest.MapFile{Data: []byte("# Section\n\nText.\n")}
	}
	out["SUMMARY.md"] = &fstest.MapFile{Data: []byte(summary)}
	for i := range n {
		out[fmt.Sprintf("c%d/s/hint-%d.md", i%10, i)] = &fstest.MapFile{Data: []byte(model)}
	}
	return out
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{100, 400} {
		dir := b.TempDir()
		if err := os.CopyFS(dir, large(n)); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("disk-%d", n), func(b *testing.B) { benchmark(b, n, Folder(dir, os.DirFS(dir))) })
		memory := large(n)
		b.Run(fmt.Sprintf("memory-%d", n), func(b *testing.B) { benchmark(b, n, Source{Name: "large", FS: memory}) })
	}
}

func benchmark(b *testing.B, n int, s Source) {
	for b.Loop() {
		l, problems := Load(s)
		if len(problems) > 0 || len(l.Hints()) != n {
			b.Fatalf("%d hints, %v", len(l.Hints()), problems)
		}
	}
}

func BenchmarkHint(b *testing.B) {
	for b.Loop() {
		if h, problems := readHint("model.md", "c/s/model.md", model); h == nil {
			b.Fatal(problems)
		}
	}
}
