package themes

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// AssetsPath is the folder of the addresses that Asset returns.
const AssetsPath = "/assets/"

// A File is a style sheet, script or picture of the theme. Its address holds
// the hash of its bytes, so it may be cached for ever.
type File struct {
	Body []byte
	Gzip []byte // the same compressed, or nil where that does not pay
	Type string // "text/css; charset=utf-8"
	ETag string // quoted
}

// File returns the file served from an address that Asset returned.
func (t *Theme) File(address string) (File, bool) {
	f, ok := t.files[address]
	return f, ok
}

// Asset returns the address of a file of the theme by its name in static/, or
// "" when there is none: "civic.css" is at "/assets/civic.1f2e3d4c5b.css".
func (t *Theme) Asset(name string) string { return t.names[name] }

// sheets are joined to civic.css in this order; later ones win.
var sheets = []string{
	"static/vendor/designsystemet.css", "static/vendor/designsystemet-theme.css",
	"static/app.css", "static/lists.css", "static/words.css", "static/theme.css",
}

func (t *Theme) loadFiles(src layered) error {
	css, err := joinSheets(src)
	if err != nil {
		return err
	}
	if err := t.addFile("civic.css", css); err != nil {
		return err
	}
	names, err := src.list("static")
	if err != nil {
		return err
	}
	for _, name := range names {
		if path.Ext(name) == ".css" || strings.HasPrefix(name, "static/vendor/") {
			continue // part of civic.css, or a note on where it came from
		}
		body, err := src.read(name)
		if err != nil {
			return err
		}
		if err := t.addFile(strings.TrimPrefix(name, "static/"), body); err != nil {
			return err
		}
		if name == "static/icons.svg" {
			t.symbols = symbolsOf(body)
		}
	}
	return nil
}

func (t *Theme) addFile(name string, body []byte) error {
	ext := path.Ext(name)
	kind := mime.TypeByExtension(ext)
	switch ext {
	case ".svg":
		kind = "image/svg+xml"
	case ".js":
		kind = "text/javascript; charset=utf-8"
	case ".woff2":
		kind = "font/woff2"
	}
	if kind == "" {
		return fmt.Errorf("static/%s: unknown kind of file", name)
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])[:12]
	f := File{Body: body, Type: kind, ETag: `"` + hash + `"`}
	var buf bytes.Buffer
	zip, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := zip.Write(body); err != nil {
		return err
	}
	if err := zip.Close(); err != nil {
		return err
	}
	if buf.Len() < len(body)*9/10 {
		f.Gzip = buf.Bytes()
	}
	address := AssetsPath + strings.TrimSuffix(name, ext) + "." + hash + ext
	t.files[address], t.names[name] = f, address
	return nil
}
