package e2e_test

import (
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/kokeilu/kokeilu/internal/e2e"
)

// phone is how somebody in the field looks at the portal.
var phone = e2e.View{Width: 360, Scheme: "light"}

// running is an experiment of the sample that runs and is the developer's.
const running = "/en/experiments/qamem8detun2"

// shot is a file as a camera makes it.
func shot(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	for x := range 1600 {
		for y := range 1200 {
			img.Set(x, y, color.RGBA{uint8(x / 7), uint8(y / 5), 120, 255})
		}
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "IMG_0001.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := jpeg.Encode(file, img, nil); err != nil {
		t.Fatal(err)
	}
	return file.Name()
}

// A note from the field with its picture, on a phone, with and without scripts:
// without words for the picture it comes back with everything, the picture too.
func TestALogEntryWithAPictureOnAPhone(t *testing.T) {
	portal := e2e.StartPortal(t)
	for name, prepare := range map[string]func(*e2e.Visitor){"with scripts": func(*e2e.Visitor) {}, "without scripts": (*e2e.Visitor).WithoutScripts} {
		t.Run(name, func(t *testing.T) {
			v := e2e.Visit(t, portal.URL)
			v.SignIn("developer")
			if err := v.Look(phone); err != nil {
				t.Fatal(err)
			}
			prepare(v)
			v.Goto(running + "/log")
			v.Fill("text", "The gate was open when we came, "+name+".")
			v.Choose("kind", "small_win")
			v.Attach("picture", shot(t))
			v.Press("Save the entry")
			v.Sees("Say what can be seen in the picture")
			if got := v.ValueOf("text"); got != "The gate was open when we came, "+name+"." {
				t.Errorf("the text came back as %q", got)
			}
			v.Sees("Leave this picture out")
			v.Fill("alt", "An open gate in the snow, "+name)
			v.Press("Save the entry")
			v.Sees("It is in the log")
			v.Sees("The gate was open when we came, " + name)
			v.SeesPicture("An open gate in the snow, " + name)
		})
	}
	v := e2e.Visit(t, portal.URL)
	v.SignIn("developer")
	for path, name := range map[string]string{"/log": "log-form", "": "experiment-measures", "/log/print": "log-print", "/log?follows=3": "log-follow"} {
		v.Goto(running + path)
		v.Check(name)
	}
}

// A note that is written where there is no connection stays in the browser, is
// there when the page is opened again, and is in the log once.
func TestANoteSurvivesALostConnection(t *testing.T) {
	portal := e2e.StartPortal(t)
	v := e2e.Visit(t, portal.URL)
	v.SignIn("developer")
	if err := v.Look(phone); err != nil {
		t.Fatal(err)
	}
	v.Goto(running + "/log")
	v.Fill("text", "Written in the cellar of the school.")
	v.Choose("kind", "obstacle")
	v.Offline(true)
	v.Click("Save the entry")
	v.SoonSees("There is no connection right now")
	v.Offline(false)
	v.Leave(running)
	v.SeesNot("Written in the cellar")
	v.Goto(running + "/log")
	v.Sees("kept on this device only")
	if got := v.ValueOf("text"); got != "Written in the cellar of the school." {
		t.Fatalf("the note came back as %q", got)
	}
	v.Press("Save the entry")
	v.Sees("The entry is in the log")
	v.Sees("Written in the cellar of the school.")
	v.Goto(running + "/log")
	v.SeesNot("kept on this device only")
	if got := v.ValueOf("text"); got != "" {
		t.Errorf("the note is still there: %q", got)
	}
}
