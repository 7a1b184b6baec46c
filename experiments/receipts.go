package experiments

import (
	"context"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Receipt says what similar things were shown to the team on one occasion,
// or what its owner answered to "is somebody ahead of you?". Receipts are only
// ever added.
type Receipt struct {
	Experiment string    `json:"experiment"`
	N          int       `json:"n"` // from 1
	At         time.Time `json:"at"`
	By         string    `json:"by"`
	Words      string    `json:"words,omitempty"` // that were searched
	Shown      []Similar `json:"shown,omitempty"`
	Answer     *Answer   `json:"answer,omitempty"`
}

// An Answer is what the card says was read, or that nothing was found.
type Answer struct {
	Links []string `json:"links,omitempty"`
	None  bool     `json:"none,omitempty"`
	Words string   `json:"words,omitempty"`
}

// receipts holds them, those of one card together and in their order.
var receipts = &store.Table[Receipt]{
	Bucket: "experiment_receipt",
	Key:    func(r Receipt) string { return entryKey(r.Experiment, r.N) },
}

// addReceiptTx adds a receipt. What was shown last is not shown anew by being
// looked at again.
func (s *Service) addReceiptTx(tx store.Tx, a accounts.Actor, r Receipt) error {
	for last, err := range receipts.All(tx, store.Range{Prefix: r.Experiment + "/", Reverse: true}) {
		if err != nil {
			return err
		}
		if r.Answer == nil && last.Answer == nil && r.Words == last.Words && slices.EqualFunc(r.Shown, last.Shown, sameThing) {
			return nil
		}
		r.N = last.N
		break
	}
	r.N++
	r.At, r.By = s.Now().UTC(), a.ID
	return receipts.Put(tx, r)
}

func sameThing(a, b Similar) bool { return a.Kind == b.Kind && a.ID == b.ID }

// answerTx notes what the owner answered, if it is another answer than before.
func (s *Service) answerTx(tx store.Tx, a accounts.Actor, before, after *Experiment) error {
	answer := func(e *Experiment) Answer { return Answer{e.Checked.Links, e.Checked.None, e.Checked.Words} }
	was, now := answer(before), answer(after)
	if was.None == now.None && was.Words == now.Words && slices.Equal(was.Links, now.Links) {
		return nil
	}
	return s.addReceiptTx(tx, a, Receipt{Experiment: after.ID, Answer: &now})
}

// Showed keeps what was shown to a team that asked whether somebody is ahead
// of it.
func (s *Service) Showed(ctx context.Context, a accounts.Actor, id, words string, shown []Similar) (err error) {
	defer fault.Wrap(&err, "receipt of experiment %q", id)
	return s.Store.Update(ctx, func(tx store.Tx) error {
		_, thing, err := s.SeeTx(tx, a, id)
		if err != nil {
			return err
		}
		if err := accounts.Must(a, accounts.EditExperiment, thing); err != nil {
			return err
		}
		return s.addReceiptTx(tx, a, Receipt{Experiment: id, Words: cut(words, maxWords), Shown: shown})
	})
}

// receiptsShown is how many receipts a card shows.
const receiptsShown = 30

// Receipts are the newest receipts of a card, newest first, and the names of
// those who were shown something. They are for the team and the own
// coordinator: what was shown may have been taken back since.
func (s *Service) Receipts(ctx context.Context, a accounts.Actor, id, lang string) (list []Receipt, names map[string]string, err error) {
	defer fault.Wrap(&err, "receipts of experiment %q", id)
	names = map[string]string{}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if _, err := s.historyTx(tx, a, id); err != nil {
			return err
		}
		if list, err = receiptsTx(tx, id); err != nil {
			return err
		}
		for _, r := range list {
			s.nameTx(tx, names, r.By, lang)
		}
		return nil
	})
	return list, names, err
}

// receiptsTx are the newest receipts of a card, newest first.
func receiptsTx(tx store.Tx, id string) (list []Receipt, err error) {
	for r, err := range receipts.All(tx, store.Range{Prefix: id + "/", Reverse: true}) {
		if err != nil {
			return nil, err
		}
		if list = append(list, r); len(list) == receiptsShown {
			break
		}
	}
	return list, nil
}
