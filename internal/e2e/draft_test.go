package e2e_test

import (
	"testing"

	"github.com/kokeilu/kokeilu/internal/e2e"
)

const (
	draftLine = `document.querySelector("[data-draft-status]").textContent`
	problem   = `document.querySelector("#problem")`
)

// What is typed is kept while it is typed, said aloud, there again after the
// page was closed, and kept in the browser while the connection is lost.
func TestADraftIsKeptWhileOneTypes(t *testing.T) {
	v := e2e.Visit(t, e2e.StartPortal(t).URL)
	v.SignIn("developer")
	v.Goto("/fi/experiments/new")
	v.Focus("#problem")
	v.Type("Yhdeksän turhaa annosta viikossa.")
	v.Awaits(draftLine + `.startsWith("Luonnos tallessa")`)
	v.Check("a draft that was kept")

	v.Goto("/fi/experiments")
	v.Goto("/fi/experiments/new")
	v.Awaits(problem + `.value === "Yhdeksän turhaa annosta viikossa."`)
	v.Sees("Tässä on tekstisi")

	t.Run("the connection is lost", func(t *testing.T) {
		v.Awaits(`(window.fetched = window.fetch, window.fetch = () => Promise.reject(new TypeError("lost")), true)`)
		v.Focus("#problem")
		v.Key("End")
		v.Type(" Ja kymmenes.")
		v.Awaits(draftLine + `.startsWith("Ei yhteyttä")`)
		v.Awaits(`Object.keys(localStorage).some(name => name.startsWith("draft ") && localStorage[name].includes("kymmenes"))`)
		v.Awaits(`(addEventListener("beforeunload", event => event.stopImmediatePropagation(), true), true)`) // leaves although the browser would ask
		v.Goto("/fi/experiments")
		v.Goto("/fi/experiments/new")
		v.Awaits(problem + `.value.includes("kymmenes")`)
		v.Awaits(draftLine + `.startsWith("Luonnos tallessa")`)
		v.Awaits(`!Object.keys(localStorage).some(name => name.startsWith("draft "))`)
	})
	t.Run("it can be discarded", func(t *testing.T) {
		v.Goto("/fi/experiments/new")
		v.Press("Hylkää ja näytä kortin teksti")
		v.Sees("Luonnos on hylätty.")
		v.Awaits(problem + `.value === ""`)
	})
}
