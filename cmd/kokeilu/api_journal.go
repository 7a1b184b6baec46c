package main

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/web"
)

type auditInput struct {
	After uint64 `query:"after" doc:"Entries with a higher number than this."`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many entries at most."`
}

type auditEntry struct {
	Seq     uint64    `json:"seq"`
	Time    time.Time `json:"time"`
	Actor   string    `json:"actor" doc:"Id of the person, or \"system\"."`
	Kind    string    `json:"kind" doc:"What happened, such as case.published."`
	Subject string    `json:"subject" doc:"To what, such as case:ID."`
	Prev    string    `json:"prev" doc:"Hash of the entry before, 64 hexadecimal digits."`
	Hash    string    `json:"hash"`
}

type auditOutput struct {
	Body struct {
		Entries []auditEntry `json:"entries" nullable:"false"`
		Next    string       `json:"next" doc:"What to give as after for the entries that follow; empty at the end."`
	}
}

// registerJournalAPI adds GET /api/v1/audit for administrators.
func (a *App) registerJournalAPI(api *web.API) {
	web.Handle(api, huma.Operation{
		OperationID: "list-audit", Method: http.MethodGet, Path: "/api/v1/audit", Tags: []string{"Administration"}, Security: web.Signed,
		Summary: "List the journal's entries with their hashes",
	}, func(ctx context.Context, in *auditInput) (*auditOutput, error) {
		if err := accounts.Must(accounts.ActorIn(ctx), accounts.ReadJournal, accounts.Thing{}); err != nil {
			return nil, err
		}
		entries, err := store.Get(ctx, a.Store, func(tx store.Tx) ([]journal.Entry, error) { return a.Journal.List(tx, in.After, in.Limit) })
		if err != nil {
			return nil, err
		}
		out := &auditOutput{}
		out.Body.Entries = []auditEntry{}
		for _, e := range entries {
			out.Body.Entries = append(out.Body.Entries, auditEntry{e.Seq, e.Time, e.Actor, e.Kind, e.Subject, e.Prev.String(), e.Hash.String()})
		}
		if len(entries) == in.Limit {
			out.Body.Next = strconv.FormatUint(entries[len(entries)-1].Seq, 10)
		}
		return out, nil
	})
}
