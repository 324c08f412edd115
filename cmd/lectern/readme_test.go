package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// The README shows a piece of what its first command writes.
func TestReadmeShowsTheDemo(t *testing.T) {
	content, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for line := range strings.Lines(string(content)) {
		switch {
		case strings.HasPrefix(line, "    warning[") || want.Len() > 0 && strings.HasPrefix(line, "    "):
			want.WriteString(strings.TrimPrefix(line, "    "))
			continue
		}
		if want.Len() > 0 {
			break
		}
	}
	if want.Len() == 0 {
		t.Fatal("the README shows no warning")
	}
	t.Chdir("../..")
	var got, errs bytes.Buffer
	if code := run(context.Background(), []string{"check", "--no-config", "editors/demo"}, strings.NewReader(""), &got, &errs); code != found {
		t.Errorf("got exit code %d, want %d; %s", code, found, errs.Bytes())
	}
	if !strings.Contains(got.String(), want.String()) {
		t.Errorf("the README shows\n%s\nwhich is not in\n%s", want.String(), got.String())
	}
}
