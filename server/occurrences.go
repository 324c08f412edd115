package server

import (
	"context"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// occurrence is a place in the workspace that a lesson is about.
type occurrence struct {
	URI   string         `json:"uri"`
	Range protocol.Range `json:"range"`
	Hint  string         `json:"hint"`
}

// maxOccurrences bounds the places of one answer; counts are always whole.
const maxOccurrences = 10_000

// occurrences counts the places in the workspace that each lesson is about; with
// a lesson's id, it tells where they are. What was looked at before and did not
// change since is not looked at again.
func (s *Server) occurrences(arguments []protocol.LSPAny) (answer, error) {
	section, err := optionalString(arguments, "the id of a lesson")
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (any, error) {
		if section != "" {
			known := false
			for _, env := range s.environments() {
				_, ok := env.library().Section(section)
				known = known || ok
			}
			if !known {
				return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "no course has a lesson %.100q", section)
			}
		}
		counts, places, total := map[string]int{}, []occurrence{}, 0
		bar := s.progress(nil, "Lectern looks at the workspace")
		defer bar.end()
		err := s.scanWorkspace(ctx, func(batch []*scanned, done, of int) {
			bar.report(done, of)
			for _, f := range batch {
				for _, p := range f.places {
					counts[p.section]++
					if p.section != section {
						continue
					}
					if total++; total <= maxOccurrences {
						places = append(places, occurrence{string(f.uri), p.at, p.hint})
					}
				}
			}
		})
		if err != nil {
			return nil, err
		}
		if section == "" {
			return rawAnswer(map[string]any{"sections": counts})
		}
		return rawAnswer(map[string]any{"section": section, "count": total, "places": places})
	}, nil
}
