package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"lectern": main}) }

// TestScripts runs testdata/script/*.txtar. Each script finds the course
// testdata/mini in its folder mini.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".cache"))
			for _, keep := range []string{"CI", "PATH", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"} {
				if v, ok := os.LookupEnv(keep); ok && keep != "PATH" {
					env.Setenv(keep, v)
				}
			}
			if home, err := os.UserHomeDir(); err == nil && os.Getenv("RUSTUP_HOME") == "" {
				env.Setenv("RUSTUP_HOME", filepath.Join(home, ".rustup")) // where rustc is a proxy that looks for it
			}
			return os.CopyFS(filepath.Join(env.WorkDir, "mini"), os.DirFS("testdata/mini"))
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"exits": exits},
	})
}

// exits runs lectern and compares its exit code: `exits CODE ARGUMENT...`.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits CODE ARGUMENT...")
	}
	err := ts.Exec("lectern", args[1:]...)
	code := "0"
	if err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("exit code: got %s, want %s", code, args[0])
	}
}
