package files_test

import (
	"bytes"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/files"
	"github.com/kokeilu/kokeilu/internal/store"
)

// storage is S3-compatible storage with a bucket named pictures.
func storage(t *testing.T) (files.S3, *s3mem.Backend) {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("pictures"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	t.Cleanup(server.Close)
	return files.S3{Endpoint: server.URL, Bucket: "pictures", Region: "eu", AccessKey: "key", SecretKey: "secret"}, backend
}

func openS3(t *testing.T) *files.Store {
	t.Helper()
	at, _ := storage(t)
	return opened(t, at)
}

func opened(t *testing.T, at files.S3) *files.Store {
	t.Helper()
	s, err := files.OpenS3(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestWhatOneNodeKeepsTheOtherShows(t *testing.T) {
	at, _ := storage(t)
	a, b := opened(t, at), opened(t, at)
	f, err := a.Add(t.Context(), bytes.NewReader(asJPEG(t, flag(20, 20))))
	if err != nil {
		t.Fatal(err)
	}
	if kept, mediaType, err := b.Get(f.Hash, 0); err != nil || len(kept) == 0 || mediaType != "image/jpeg" {
		t.Errorf("%d bytes of %s, %v", len(kept), mediaType, err)
	}
}

func TestWhatIsRefusedIsNotSent(t *testing.T) {
	at, backend := storage(t)
	s := opened(t, at)
	if _, err := s.Add(t.Context(), strings.NewReader("<script>")); !errors.Is(err, files.ErrType) {
		t.Errorf("got %v", err)
	}
	for _, hash := range []string{"", "..", "../secret", strings.Repeat("g", 64)} {
		if _, _, err := s.Get(hash, 0); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%q: %v, want not found", hash, err)
		}
	}
	list, err := backend.ListBucket("pictures", nil, gofakes3.ListBucketPage{})
	if err != nil || len(list.Contents) > 0 {
		t.Errorf("%d files, %v", len(list.Contents), err)
	}
}

func TestStorageThatCannotBeUsedIsRefused(t *testing.T) {
	at, _ := storage(t)
	tests := map[string]struct {
		change func(*files.S3)
		want   error
	}{
		"nobody listens":       {func(s *files.S3) { s.Endpoint = "http://127.0.0.1:1" }, files.ErrUnreachable},
		"no such bucket":       {func(s *files.S3) { s.Bucket = "elsewhere" }, files.ErrUnreachable},
		"an address that none": {func(s *files.S3) { s.Endpoint = "127.0.0.1:1" }, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			at := at
			tt.change(&at)
			_, err := files.OpenS3(t.Context(), at)
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestStorageThatRefuses(t *testing.T) {
	tests := map[string]struct {
		status int
		code   string
		want   error
		kind   fault.Kind
	}{
		"full":      {http.StatusInsufficientStorage, "XMinioStorageFull", store.ErrFull, fault.Full},
		"over":      {http.StatusForbidden, "QuotaExceeded", store.ErrFull, fault.Full},
		"forbidden": {http.StatusForbidden, "AccessDenied", files.ErrUnreachable, fault.Unavailable},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Method == http.MethodPut:
					w.Header().Set("Content-Type", "application/xml")
					w.WriteHeader(tt.status)
					_, _ = io.WriteString(w, "<Error><Code>"+tt.code+"</Code></Error>")
				case strings.Trim(r.URL.Path, "/") != "pictures":
					w.WriteHeader(http.StatusNotFound)
				}
			}))
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.Start()
			t.Cleanup(server.Close)
			s := opened(t, files.S3{Endpoint: server.URL, Bucket: "pictures", Region: "eu", AccessKey: "key", SecretKey: "secret"})
			_, err := s.Add(t.Context(), bytes.NewReader(asJPEG(t, flag(20, 20))))
			if !errors.Is(err, tt.want) || fault.KindOf(err) != tt.kind {
				t.Errorf("Add = %v", err)
			}
		})
	}
}
