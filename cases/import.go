package cases

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

const (
	importBatch = 64                             // files in one transaction
	maxFile     = content.CaseLimit + (64 << 10) // bytes of a file that is read at all
)

// Faults of importing.
var (
	ErrFileLarge  = fault.New(fault.TooLarge, "case.file_large")
	ErrFileTwice  = fault.New(fault.Conflict, "case.file_twice")
	ErrFileOlder  = fault.New(fault.Conflict, "case.file_older").On("revision")
	ErrFileGone   = fault.New(fault.Conflict, "case.file_withdrawn")
	ErrFileDenied = fault.New(fault.Forbidden, "case.file_not_yours")
)

// Import reads every Markdown file of a folder and its sub-folders. Texts that
// are known by case, by id and source, or else by their path, are brought up to
// date; the others become cases. It tells report of each file, in the order of
// the paths, and goes on after a file that it rejects. Doing it again changes
// nothing. It fails when the folder cannot be read or nothing can be stored.
func (s *Service) Import(ctx context.Context, fsys fs.FS, report func(Line)) (t Total, err error) {
	defer fault.Wrap(&err, "import cases")
	var paths []string
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.EqualFold(path.Ext(name), ".md") && !strings.HasPrefix(path.Base(name), ".") {
			paths = append(paths, name)
		}
		return err
	})
	if err != nil {
		return t, err
	}
	return s.ImportTexts(ctx, paths, func(name string) ([]byte, error) { return readLimited(fsys, name) }, importBatch, report)
}

// ImportTexts is Import for texts that are in no folder: read gives the text
// behind each name and is called by several goroutines. n texts are stored in
// one transaction.
func (s *Service) ImportTexts(ctx context.Context, names []string, read func(name string) ([]byte, error), n int, report func(Line)) (t Total, err error) {
	run := &importRun{service: s, actor: accounts.System, first: map[string]string{}}
	for some := range slices.Chunk(names, n) {
		lines, err := run.batch(ctx, some, read)
		if err != nil {
			return t, err
		}
		for _, l := range lines {
			t.Count(l.Verdict)
			if report != nil {
				report(l)
			}
		}
	}
	return t, nil
}

// ImportOne imports one file in the name of the actor, who becomes the author
// of a new case and must be an author of a known one.
func (s *Service) ImportOne(ctx context.Context, a accounts.Actor, name string, raw []byte) (l Line, err error) {
	defer fault.Wrap(&err, "import %q", name)
	if err := accounts.Must(a, accounts.AddCase, accounts.Thing{}); err != nil {
		return l, err
	}
	run := &importRun{service: s, actor: a, first: map[string]string{}}
	lines, err := run.batch(ctx, []string{name}, func(string) ([]byte, error) {
		if len(raw) > maxFile {
			return nil, ErrFileLarge.With(maxFile >> 10)
		}
		return raw, nil
	})
	if err != nil {
		return l, err
	}
	return lines[0], nil
}

func readLimited(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile {
		return nil, ErrFileLarge.With(maxFile >> 10)
	}
	return fs.ReadFile(fsys, name)
}

// importRun is one import. first remembers which file of the run each case
// came from, so that two files do not write over each other.
type importRun struct {
	service *Service
	actor   accounts.Actor
	first   map[string]string
}

// incoming is one file on its way into the bank.
type incoming struct {
	file  caseFile
	html  rendered
	known bool // the same file was imported before: nothing to do
	id    string
	err   error
}

// batch imports some files in one transaction.
func (r *importRun) batch(ctx context.Context, names []string, read func(string) ([]byte, error)) ([]Line, error) {
	list := make([]incoming, len(names))
	each(list, func(i int, in *incoming) {
		in.file.path = names[i]
		raw, err := read(names[i])
		if err == nil {
			in.file, err = readFile(names[i], raw)
		}
		in.err = err
	})
	for i := range list {
		r.claim(&list[i])
	}
	err := r.service.Store.View(ctx, func(tx store.Tx) error {
		for i := range list {
			if err := r.look(tx, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	each(list, func(_ int, in *incoming) {
		if in.err == nil && !in.known {
			in.html, in.err = r.service.render(ctx, r.actor, in.file.said)
		}
	})
	return r.store(ctx, list)
}

// each works on the files on all processors.
func each(list []incoming, work func(i int, in *incoming)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range list {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			work(i, &list[i])
		})
	}
	wg.Wait()
}

// claim rejects a file that means the same case as an earlier one of the run.
func (r *importRun) claim(in *incoming) {
	if in.err != nil {
		return
	}
	key := "case|" + in.file.said.ID
	if in.file.said.ID == "" {
		key = in.file.identity()
	}
	if earlier, taken := r.first[key]; taken {
		in.err = ErrFileTwice.With(earlier)
		return
	}
	r.first[key] = in.file.path
}

// identity is what a file without a case id is known by.
func (f caseFile) identity() string {
	return Case{ImportID: f.said.ImportID, Source: f.said.Source, ImportPath: f.path}.importKey()
}

// find returns the case that a file means; ok is false for a new one.
func (f caseFile) find(tx store.Tx) (c Case, ok bool, err error) {
	if f.said.ID != "" {
		c, err = table.Get(tx, f.said.ID)
	} else {
		c, err = table.One(tx, "import", f.identity())
	}
	if errors.Is(err, store.ErrNotFound) {
		return Case{}, false, nil
	}
	return c, err == nil, err
}

// look spares the work of rendering a file that was imported as it is.
func (r *importRun) look(tx store.Tx, in *incoming) error {
	if in.err != nil {
		return nil
	}
	c, ok, err := in.file.find(tx)
	in.known = ok && c.ImportSum == in.file.sum
	in.id = c.ID
	return err
}

func (r *importRun) store(ctx context.Context, list []incoming) ([]Line, error) {
	var lines []Line
	write := false
	for _, in := range list {
		write = write || in.err == nil && !in.known
	}
	if !write {
		for i := range list {
			lines = append(lines, list[i].report(Unchanged))
		}
		return lines, nil
	}
	err := r.service.Store.Update(ctx, func(tx store.Tx) error {
		var err error
		lines, err = once.Do(tx, r.service.Now(), func() ([]Line, error) {
			var lines []Line
			for _, in := range list {
				verdict := Unchanged
				if in.err == nil && !in.known {
					if verdict, err = r.apply(tx, &in); err != nil {
						return nil, err
					}
				}
				lines = append(lines, in.report(verdict))
			}
			return lines, nil
		})
		return err
	})
	return lines, err
}

// apply stores one file. What is wrong with the file goes into in.err; an error
// that is returned ends the whole batch.
func (r *importRun) apply(tx store.Tx, in *incoming) (Verdict, error) {
	c, ok, err := in.file.find(tx)
	if err != nil {
		return "", err
	}
	if !ok {
		return r.add(tx, in)
	}
	in.id = c.ID
	next := in.file.over(c)
	switch {
	case sameCase(c, next):
		return Unchanged, nil
	case accounts.Must(r.actor, accounts.EditCase, c.Thing(r.service.Now())) != nil:
		in.err = ErrFileDenied
	case c.State == Withdrawn:
		in.err = ErrFileGone
	case in.file.revision > 0 && in.file.revision < c.Revision && in.file.said.ID != "":
		in.err = ErrFileOlder.With(in.file.revision, c.Revision)
	default:
		in.err = next.checkFile()
	}
	if in.err != nil {
		return Rejected, nil
	}
	next.ImportSum = in.file.sum
	if err := r.service.replace(tx, r.actor, c, &next, in.html); err != nil {
		return "", err
	}
	return Updated, r.service.changed(tx, r.actor, "case.edited", next)
}

func (r *importRun) add(tx store.Tx, in *incoming) (Verdict, error) {
	now := r.service.Now().UTC()
	c := in.file.over(Case{
		ID: in.file.said.ID, ImportPath: in.file.path, ImportSum: in.file.sum,
		State: Published, Created: now, Published: now, Updated: now, UpdatedBy: r.actor.ID, Revision: max(in.file.revision, 1),
	})
	if c.ID == "" {
		c.ID = r.service.NewID()
	}
	if c.Group == "" {
		c.Group = c.ID
	}
	if r.actor.SignedIn() {
		c.Authors = []string{r.actor.ID}
	}
	in.err = c.checkFile()
	if foreign := func(o string) bool { return !r.actor.MemberOf(o) }; r.actor.SignedIn() && !r.actor.Has(accounts.Admin) && slices.ContainsFunc(c.Owners(), foreign) {
		in.err = ErrOtherAuthor
	}
	if in.err != nil {
		return Rejected, nil
	}
	c.Slug, in.id = slugOf(c.Title, c.Lang), c.ID
	if err := errors.Join(table.Put(tx, c), putHTML(tx, c.ID, in.html)); err != nil {
		return "", err
	}
	return Imported, r.service.changed(tx, r.actor, "case.published", c)
}

// checkFile is check for a text that comes from elsewhere: without the fixed
// headings.
func (c Case) checkFile() error {
	c.Origin = Origin{}
	return c.check(true)
}

// sameCase reports whether two cases say the same.
func sameCase(a, b Case) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
