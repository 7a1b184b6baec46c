package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/experiments/funding"
	"github.com/kokeilu/kokeilu/experiments/mentoring"
	"github.com/kokeilu/kokeilu/experiments/weeks"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/config"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/files"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/search"
	"github.com/kokeilu/kokeilu/search/concepts"
	"github.com/kokeilu/kokeilu/search/saved"
	"github.com/kokeilu/kokeilu/search/wanted"
	"github.com/kokeilu/kokeilu/themes"
)

// App is a portal with everything wired: the one place that knows every
// package. Tests open one on a folder of their own.
type App struct {
	Config  config.Config
	Log     *slog.Logger
	Now     func() time.Time
	moment  moment
	Locales *i18n.Bundle
	Theme   *themes.Theme
	Pages   *content.Pages

	Store   database
	Journal *journal.Journal
	Index   *search.Index
	Files   *files.Store

	Accounts    *accounts.Service
	Experiments *experiments.Service
	Funding     *funding.Service
	Mentoring   *mentoring.Service
	Weeks       *weeks.Service
	Cases       *cases.Service
	Wanted      *wanted.Service
	Concepts    *concepts.Service
	Saved       *saved.Service
	Web         *web.Kit

	changes   *pagecache.Generations
	own       ownEntries
	draining  atomic.Bool
	mail      *notify.Runner
	fresh     bool // nothing was stored here before
	work      sync.WaitGroup
	stop      context.CancelFunc
	listening chan string // gets the address once
}

// OpenApp opens the data folder and wires the portal. It fails within three
// seconds when another process has the data.
func OpenApp(ctx context.Context, c config.Config, log *slog.Logger) (a *App, err error) {
	defer fault.Wrap(&err, "open the portal in %s", c.Data)
	a = &App{Config: c, Log: log, listening: make(chan string, 1)}
	a.Now = a.moment.Now
	if a.Locales, err = i18n.Load(content.Locales(), c.Zone); err != nil {
		return nil, err
	}
	// Reading a theme takes as long as the rest: it is done beside it.
	theme := make(chan openedTheme, 1)
	go func() {
		t, err := openTheme(c.Theme)
		theme <- openedTheme{t, err}
	}()
	if err := a.loadPages(); err != nil {
		return nil, err
	}
	if a.Store, err = openDatabase(ctx, c, log); err != nil {
		return nil, err
	}
	if err := a.wire(ctx); err != nil {
		return nil, errors.Join(err, a.Store.Close())
	}
	look := <-theme
	if look.err != nil {
		return nil, errors.Join(look.err, a.Close())
	}
	a.Theme, a.Web.Theme = look.theme, look.theme
	return a, nil
}

// openedTheme is a theme, or why there is none.
type openedTheme struct {
	theme *themes.Theme
	err   error
}

func openTheme(folder string) (*themes.Theme, error) {
	if folder == "" {
		return themes.Open(nil)
	}
	root, err := os.OpenRoot(folder) // the overlay cannot lead out of its folder
	if err != nil {
		return nil, fmt.Errorf("theme: %w", err)
	}
	return themes.Open(root.FS())
}

// wire makes the services and ties them together.
func (a *App) wire(ctx context.Context) (err error) {
	c := a.Config
	if err := a.migrate(ctx); err != nil {
		return err
	}
	a.Journal = journal.New(a.Store, a.journalOptions()...)
	head, err := store.Get(ctx, a.Store, a.Journal.Head)
	if err != nil {
		return err
	}
	a.fresh = head.Portal == ""
	if err := a.Journal.Open(ctx); err != nil {
		return err
	}
	if a.Files, err = openFiles(ctx, c); err != nil {
		return err
	}
	if a.Index, _, err = search.Open(filepath.Join(c.Data, "index"), a.Log); err != nil {
		a.Log.Error("the portal goes on without its search index until it can be opened", "err", err)
	}
	a.Index.Reserve, a.Index.Wake, a.Index.Rebuilding = c.Reserve, a.Journal.Wake, a.allowMore
	a.Index.Lag = func(ctx context.Context) (uint64, error) { return a.Journal.Lag(ctx, search.FollowerName) }
	a.Index.Thesaurus, a.Index.Names, a.Index.Label = search.NewThesaurus(content.Thesaurus()), a.searchNames(), a.facetLabel
	a.mail = notify.NewRunner(a.Store, a.sender(), a.Now, a.Log)
	outbox := &notify.Outbox{Now: a.Now, NewID: a.moment.NewID, Locales: a.Locales, Portal: c.Name, Wake: a.mail.Wake}
	a.Accounts = &accounts.Service{
		Store: a.Store, Journal: a.Journal, Now: a.Now, NewID: a.moment.NewID, Mail: outbox, Locales: a.Locales, PublicURL: c.PublicURL,
	}
	if err := a.seedOrganisations(ctx); err != nil {
		return err
	}
	a.wireSlices()
	a.Web = &web.Kit{
		Portal:  web.Portal{Name: c.Name, PublicURL: c.PublicURL, Contact: c.Contact, Authority: c.Authority, Demo: c.Demo, Version: buildVersion()},
		Locales: a.Locales, Log: a.Log, Now: a.Now, Secure: c.HTTPS, Pages: a.openPageCache(), AccessLog: c.AccessLog || c.Verbose,
	}
	return nil
}

// wireSlices makes the slices and gives each what it asks of the others.
func (a *App) wireSlices() {
	a.Cases = &cases.Service{
		Store: a.Store, Journal: a.Journal, Now: a.Now, NewID: a.moment.NewID, Zone: a.Config.Zone,
		Organisations: a.Accounts, People: publicNames{a.Accounts}, Similar: &similarCases{app: a}, Starts: started{a},
	}
	a.Experiments = &experiments.Service{
		Store: a.Store, Journal: a.Journal, Now: a.Now, NewID: a.moment.NewID, Zone: a.Config.Zone,
		People: a.Accounts, Bank: a.Cases, TeamOpen: a.Config.TeamOpen, Finder: finder{a}, PictureSize: a.pictureSize,
		Mail: a.Accounts.Mail, PublicURL: a.Config.PublicURL,
	}
	a.Cases.Origins = a.Experiments
	a.Funding = &funding.Service{
		Store: a.Store, Journal: a.Journal, Now: a.Now, NewID: a.moment.NewID, Zone: a.Config.Zone,
		People: a.Accounts, Cards: a.Experiments, Locales: a.Locales,
	}
	a.Mentoring = &mentoring.Service{
		Store: a.Store, Journal: a.Journal, Now: a.Now, NewID: a.moment.NewID, Zone: a.Config.Zone,
		Experiments: a.Experiments, People: a.Accounts, Locales: a.Locales, Mail: a.Accounts.Mail, PublicURL: a.Config.PublicURL,
	}
	a.Weeks = &weeks.Service{
		Store: a.Store, Journal: a.Journal, Now: a.Now, Zone: a.Config.Zone,
		Experiments: a.Experiments, People: a.Accounts, Locales: a.Locales, Mail: a.Accounts.Mail, PublicURL: a.Config.PublicURL,
	}
	a.Experiments.Funding, a.Experiments.Mentoring, a.Experiments.Weeks = a.Funding, a.Mentoring, a.Weeks
	a.wireSearches()
	a.Accounts.Leaving = append(a.Accounts.Leaving, func(tx store.Tx, p accounts.Person, organisation string) error {
		if organisation == "" {
			if err := a.Experiments.ForgetInvitedTx(tx, p.Email); err != nil {
				return err
			}
		}
		return a.Experiments.LeaveTx(tx, p.ID, organisation)
	}, a.Mentoring.LeaveTx, a.Weeks.LeaveTx, a.Saved.LeaveTx)
	a.Index.Sources = []search.Source{cases.Documents{Service: a.Cases}, experiments.Documents{Service: a.Experiments}, pageSource{a}}
}

func (a *App) sender() notify.Sender {
	c := a.Config
	if c.SMTP == "" {
		return notify.Folder{Dir: filepath.Join(c.Data, "mail"), From: c.MailFrom}
	}
	return notify.SMTP{Addr: c.SMTP, User: c.SMTPUser, Password: c.SMTPPassword, From: c.MailFrom}
}

// seedOrganisations loads the reference data when it is new or has grown. A
// portal that has some does with it until there is room for more.
func (a *App) seedOrganisations(ctx context.Context) error {
	_, err := a.Accounts.SeedOrganisations(ctx, organisations())
	if errors.Is(err, store.ErrFull) && !a.fresh {
		a.Log.Warn("the reference data was not brought up to date", "err", err)
		return nil
	}
	return err
}

// indexLinger is how long a change that nobody waits for may take to be found:
// a batch of one costs the index as much as a batch of a hundred.
const indexLinger = 300 * time.Millisecond

// Start begins the work behind the pages: following the journal, sending mail,
// what is due at its time. Close ends it.
func (a *App) Start() {
	ctx, stop := context.WithCancel(context.Background())
	a.stop = stop
	a.background("search", func() {
		if err := a.Concepts.Reload(ctx); err != nil {
			a.Log.Error("the search knows only the concepts that are shipped", "err", err)
		}
		if err := a.Journal.FollowKeeper(ctx, search.FollowerName, indexKeeper{search.Follower{Index: a.Index}, a}, journal.Linger(indexLinger)); err != nil {
			a.Log.Error("the index stopped following", "err", err)
		}
	})
	a.background("search watchdog", func() { a.Index.Watch(ctx) })
	a.background("mail", func() { a.mail.Run(ctx) })
	a.background("schedule", func() { a.schedule(ctx) })
	a.background("wanted cases", func() { a.Wanted.Run(ctx) })
	a.startNode(ctx)
}

// background runs f until it returns. Close waits for it; a panic is logged and
// ends only f.
func (a *App) background(name string, f func()) {
	a.work.Go(func() {
		defer func() {
			if r := recover(); r != nil {
				a.Log.Error("background work panicked", "work", name, "panic", r)
			}
		}()
		f()
	})
}

// Close ends the work and releases the data: first what follows the store,
// then the index, then the store.
func (a *App) Close() error {
	if a.stop != nil {
		a.stop()
	}
	a.work.Wait()
	return errors.Join(a.Index.Close(), a.Files.Close(), a.Store.Close())
}

// explain is an error as an operator reads it: the English text of a fault, and
// its cause.
func explain(err error) string {
	bundle, berr := i18n.Load(content.Locales(), time.UTC)
	if berr != nil {
		return err.Error()
	}
	en := bundle.For("en")
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || !en.Has(f.Key) {
		return err.Error()
	}
	return fmt.Sprintf("%s (%v)", en.T(f.Key, f.Args...), err)
}

// pictureSize is how large a picture is, for the slices that show it.
func (a *App) pictureSize(hash string) (width, height int, kept bool) {
	f, err := a.Files.Look(hash)
	return f.Width, f.Height, err == nil
}
