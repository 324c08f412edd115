// Package server speaks the Language Server Protocol on top of the engine. It is
// the only package that knows the protocol; README.md beside this file has the
// map and the order that everything here keeps.
package server

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"lectern/analysis/course"
	"lectern/analysis/problem"
	"lectern/analysis/rust"
)

// farewell is how long the last answers may take to be read by the client.
const farewell = time.Second

// Options are what a server is told at its start.
type Options struct {
	Version string          // of lectern, for the client to show
	Courses []course.Source // the courses that are built in; workspaces add theirs
	Log     io.Writer       // standard error as a rule; nil drops the log
	// CacheDir is where lesson pages are written for editors to open. Empty means
	// a folder "lectern" in the user's cache folder.
	CacheDir string
	// Started is called once, soon after the first documents could be checked: what
	// is lavish for the sake of a quick start can end. It may be nil.
	Started func()
}

// Where a session stands.
const (
	fresh   int32 = iota // before initialize
	serving              // between initialize and shutdown
	ended                // after shutdown
)

// Server is one session with one client.
type Server struct {
	options      Options
	ctx          context.Context // ends with the session
	stop         context.CancelFunc
	log          *zap.Logger
	logged       *logWriter
	level        zap.AtomicLevel
	messageLevel zap.AtomicLevel // of the part of the log that the client is sent
	trace        atomic.Int32
	conn         jsonrpc2.Conn
	client       protocol.Client // calls of the client: never on the read loop, which would wait for itself
	methods      map[string]method
	calls        calls
	buffers      sync.Pool     // *[]byte, for encoding diagnostics
	out          *outbox       // nil before serve
	turns        chan struct{} // of answers that are worked out
	exit         chan int
	greeted      chan struct{} // closed by initialized: from then on the client may be asked
	greet        sync.Once
	watchOnce    sync.Once // starts our own watcher
	tasks        *tasks

	phase           atomic.Int32
	tokens          atomic.Int64 // of our own progress, so far
	closings        closings
	memory          memory
	pulledWorkspace atomic.Bool // somebody asked about the whole workspace

	// These two are set by initialize, before anything reads them.
	can        abilities
	clientName string // the client's name
	mapper

	documents documents
	workspace workspace
	shelf     shelf
	pages     pages
	content   content
	told      told
	watched   watched
	rewatch   chan struct{} // asks our own watcher to look again; holds one
	watches   atomic.Int32  // folders that it watches
	scan      scan
	health    health
	problems  map[string][]problem.Problem // by file, as they were shown last; reload's own
}

// Run serves one client until it says exit, closes its end, or ctx ends. The
// result is the exit code that the protocol wants: 0 after a shutdown, 1 without.
func Run(ctx context.Context, in io.Reader, out io.Writer, options Options) int {
	return newServer(ctx, options).serve(ctx, in, out)
}

// serve is Run, for a server that tests may have changed.
func (s *Server) serve(ctx context.Context, in io.Reader, out io.Writer) int {
	defer s.logged.close()
	defer s.stop()

	stream := newStream(in, out, s.idle)
	s.out = stream.out
	conn := jsonrpc2.NewConn(stream, jsonrpc2.WithCodec(codec{}))
	s.conn, s.client = conn, protocol.ClientDispatcher(conn)
	s.log = s.withMessages()
	s.log.Info("lectern serves", zap.String("version", s.options.Version))
	conn.Go(s.ctx, s.traced)

	code := 1
	select {
	case code = <-s.exit:
	case <-stream.gone:
		// Without its client nothing here is of use.
		s.stop()
		wait(conn.Done(), farewell)
		code = s.exitCode()
		if err := stream.err(); err != nil && !errors.Is(err, io.EOF) && ctx.Err() == nil {
			s.log.Error("the connection broke", zap.Error(err))
		}
	}
	s.stop()
	stream.out.flush(farewell)
	if err := stream.Close(); err != nil {
		s.log.Debug("closing", zap.Error(err))
	}
	wait(s.tasks.close(), farewell)
	return code
}

func wait(done <-chan struct{}, limit time.Duration) {
	select {
	case <-done:
	case <-time.After(limit):
	}
}

func newServer(ctx context.Context, options Options) *Server {
	s := &Server{options: options, exit: make(chan int, 1), greeted: make(chan struct{}), rewatch: make(chan struct{}, 1), tasks: newTasks(), turns: make(chan struct{}, maxTurns)}
	s.ctx, s.stop = context.WithCancel(ctx)
	s.log, s.level, s.logged = newLog(options.Log)
	s.messageLevel = zap.NewAtomicLevelAt(zap.WarnLevel)
	s.documents = documents{
		slots: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1)),
		open:  map[string]*document{}, dirty: map[*document]bool{},
	}
	s.workspace = workspace{wake: make(chan struct{}, 1), configured: make(chan struct{})}
	s.scan = scan{one: make(chan struct{}, 1), changed: make(chan struct{}), known: map[string]*scanned{}, crates: map[crateKey]*rust.Crate{}}
	s.shelf = shelf{builtIn: options.Courses}
	s.pages = pages{dir: options.CacheDir, later: s.background}
	s.methods = s.table()
	return s
}

// table names what the server does for each method. A feature is added here, in
// its own file, and in the capabilities that lifecycle.go announces.
func (s *Server) table() map[string]method {
	return map[string]method{
		protocol.MethodInitialize:    inline(question(s.initialize)),
		protocol.MethodInitialized:   mutation(s.initialized),
		protocol.MethodShutdown:      inline(question(s.shutdown)),
		protocol.MethodExit:          mutation(s.exited),
		protocol.MethodCancelRequest: mutation(s.cancelRequest),
		protocol.MethodSetTrace:      mutation(s.setTrace),

		protocol.MethodTextDocumentDidOpen:   mutation(s.didOpen),
		protocol.MethodTextDocumentDidChange: mutation(s.didChange),
		protocol.MethodTextDocumentDidSave:   mutation(s.didSave),
		protocol.MethodTextDocumentDidClose:  mutation(s.didClose),

		protocol.MethodTextDocumentDiagnostic: question(s.diagnostic),
		protocol.MethodTextDocumentHover:      question(s.hover),
		protocol.MethodTextDocumentCodeAction: question(s.codeAction),
		protocol.MethodCodeActionResolve:      question(s.resolveCodeAction),

		protocol.MethodTextDocumentCompletion:   question(s.completion),
		protocol.MethodCompletionItemResolve:    question(s.resolveCompletionItem),
		protocol.MethodTextDocumentDocumentLink: question(s.documentLink),
		protocol.MethodTextDocumentCodeLens:     question(s.codeLens),

		protocol.MethodWorkspaceTextDocumentContent: question(s.textDocumentContent),

		protocol.MethodWorkspaceDiagnostic:                question(s.workspaceDiagnostic),
		protocol.MethodWorkspaceExecuteCommand:            question(s.executeCommand),
		protocol.MethodWorkspaceDidChangeConfiguration:    mutation(s.didChangeConfiguration),
		protocol.MethodWorkspaceDidCreateFiles:            mutation(s.didCreateFiles),
		protocol.MethodWorkspaceDidRenameFiles:            mutation(s.didRenameFiles),
		protocol.MethodWorkspaceDidDeleteFiles:            mutation(s.didDeleteFiles),
		protocol.MethodWorkspaceDidChangeWatchedFiles:     mutation(s.didChangeWatchedFiles),
		protocol.MethodWorkspaceDidChangeWorkspaceFolders: mutation(s.didChangeWorkspaceFolders),
	}
}
