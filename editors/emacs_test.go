package editors_test

import (
	"strings"
	"testing"
)

// TestEmacs uses the configuration in README.md, in batch: a diagnostic, a hover and a fix.
func TestEmacs(t *testing.T) {
	t.Parallel()
	emacs := editor(t, "emacs")
	b := newBench(t)
	b.write(t, "init.el", fence(t, "Emacs", "elisp"))
	b.write(t, "test.el", `
(require 'eglot)
(require 'flymake)
;; A mode for Rust: rust-ts-mode needs a grammar that Emacs does not come with.
(define-derived-mode rust-mode prog-mode "Rust")
(add-to-list 'auto-mode-alist '("\\.rs\\'" . rust-mode))
(setq eglot-sync-connect t eglot-confirm-server-edits nil project-vc-extra-root-markers '("Cargo.toml"))
(find-file "src/progress.rs")
(apply #'eglot (eglot--guess-contact))
(flymake-mode 1)
(defun found ()
  (seq-find (lambda (d) (string-match-p "Another thread can change" (flymake-diagnostic-text d)))
            (flymake-diagnostics)))
(defun await (what condition)
  (let ((tries 0))
    (while (and (not (funcall condition)) (< tries 1200))
      ;; In batch Emacs is never idle, and changes wait for that.
      (eglot--signal-textDocument/didChange)
      (flymake-start)
      (accept-process-output nil 0.05)
      (setq tries (1+ tries)))
    (princ (format "%s: %s\n" what (if (funcall condition) "seen" "NOT SEEN")))))
(await "diagnostic" #'found)
(goto-char (flymake-diagnostic-beg (found)))
(princ (format "underlined: %s\n" (buffer-substring (flymake-diagnostic-beg (found)) (flymake-diagnostic-end (found)))))
(princ (format "hover: %S\n" (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams))))
(let* ((actions (eglot-code-actions (point) (point) nil nil))
       (fix (seq-find (lambda (a) (string-match-p "Add in one step" (plist-get a :title))) actions)))
  (eglot-execute (eglot-current-server) fix))
(await "fix" (lambda () (save-excursion (goto-char (point-min)) (search-forward "WORDS.fetch_add" nil t))))
(await "nothing left" (lambda () (not (found))))
(save-buffer)
(eglot-shutdown (eglot-current-server))
`)
	out, err := b.run(t, emacs, []string{"--batch", "-l", b.home + "/init.el", "-l", b.home + "/test.el"})
	if err != nil {
		t.Errorf("%v", err)
	}
	for _, want := range []string{
		"diagnostic: seen\n", "underlined: store\n", "Atomics and their orderings", "fix: seen\n", "nothing left: seen\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q; Emacs printed:\n%s", want, out)
			break
		}
	}
	if b.reportsLostUpdate(t) {
		t.Error("the lost update is still there after the fix")
	}
}
