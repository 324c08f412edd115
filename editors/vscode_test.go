package editors_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// vscode makes sure that VS Code and what the extension is built with are there.
func vscode(t *testing.T) (code string) {
	t.Helper()
	code = editor(t, "vscode")
	if _, err := os.Stat("vscode/node_modules"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("vscode/node_modules is missing: bash .ci/editors vscode")
		}
		t.Skip("vscode/node_modules is missing: bash .ci/editors vscode")
	}
	return code
}

// screens is the folder where a test leaves its screenshots.
func screens(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(os.TempDir(), "lectern-screens")
	if named := os.Getenv("LECTERN_SCREENS"); named != "" {
		dir = absolute(t, named)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// script runs a program in the extension's folder, and logs what it printed.
func (b *bench) script(t *testing.T, environment []string, command string, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), command, args...)
	c.Dir, c.Env = "vscode", append(os.Environ(), environment...)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", command, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestVSCode builds the extension and tries it: its plain functions, in the extension host
// of the real VS Code, and packaged in the workbench, as a user sees it.
func TestVSCode(t *testing.T) {
	code := vscode(t)
	b := newBench(t)
	stage := filepath.Join(b.home, "extension")
	b.script(t, nil, "bash", "scripts/package.sh", "--stage", stage)

	t.Run("functions", func(t *testing.T) {
		b.script(t, nil, "npm", "test")
	})

	t.Run("extension host", func(t *testing.T) {
		workspace := filepath.Join(b.home, "workspace")
		for name, from := range map[string]string{"demo": "demo", "own": "vscode/test/workspace/own"} {
			if err := os.CopyFS(filepath.Join(workspace, name), os.DirFS(from)); err != nil {
				t.Fatal(err)
			}
		}
		file := filepath.Join(workspace, "two.code-workspace")
		content, err := json.Marshal(map[string]any{"folders": []map[string]string{{"path": "demo"}, {"path": "own"}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
		out := b.script(t, []string{"LECTERN_SCREENS=" + screens(t)}, "node", "test/host.mjs", code, stage, file,
			filepath.Join(b.home, "data"), filepath.Join(b.home, "report"))
		tests, err := os.ReadFile("vscode/test/host/index.ts")
		if err != nil {
			t.Fatal(err)
		}
		// As many as there are: a run that stops early must not pass.
		if passed, all := strings.Count(out, "\nok "), strings.Count(string(tests), "\ntest('"); passed != all || all == 0 {
			t.Errorf("%d of %d passed:\n%s", passed, all, out)
		}
	})

	t.Run("workbench", func(t *testing.T) {
		b.script(t, nil, "bash", "scripts/package.sh", "linux-x64")
		b.script(t, nil, "node", "test/workbench.mjs", code, "dist/lectern-linux-x64.vsix", b.demo,
			filepath.Join(b.home, "workbench"), screens(t))
	})
}

// TestVSCodeOtherSystems builds the packages for other systems, and asks the server that
// can be run here, in an emulator, to initialize.
func TestVSCodeOtherSystems(t *testing.T) {
	vscode(t)
	qemu, arm := tool(t, "qemu-aarch64"), tool(t, "aarch64-linux-gnu-gcc")
	tool(t, "x86_64-w64-mingw32-gcc")
	b := newBench(t)
	b.script(t, nil, "bash", "scripts/package.sh", "linux-arm64", "win32-x64")
	root, err := exec.Command(arm, "-print-sysroot").Output()
	if err != nil {
		t.Fatal(err)
	}
	libraries := strings.TrimSpace(string(root))
	if libraries == "" || libraries == "/" {
		libraries = "/usr/aarch64-linux-gnu" // where Debian has them
	}
	for _, target := range []string{"linux-arm64", "win32-x64"} {
		b.script(t, nil, "unzip", "-q", "-o", "dist/lectern-"+target+".vsix", "-d", filepath.Join(b.home, target))
	}
	out := b.script(t, nil, "node", "scripts/answers.mjs", qemu, "-L", libraries, filepath.Join(b.home, "linux-arm64", "extension", "server", "lectern"))
	if !strings.Contains(out, `"name":"lectern"`) {
		t.Errorf("the server for arm64 answered %q", out)
	}
	// Nothing here can run it; that it is a program for Windows is all that can be said.
	program, err := os.ReadFile(filepath.Join(b.home, "win32-x64", "extension", "server", "lectern.exe"))
	if err != nil || !strings.HasPrefix(string(program), "MZ") {
		t.Errorf("the server for Windows is no program: %v", err)
	}
}

// tool is a program on the PATH that .ci/editors installs.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is missing: bash .ci/editors vscode", name)
		}
		t.Skipf("%s is missing: bash .ci/editors vscode", name)
	}
	return path
}
