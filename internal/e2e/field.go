package e2e

import (
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// ValueOf returns what stands in the field with this name.
func (v *Visitor) ValueOf(name string) string {
	v.t.Helper()
	value, err := evaluate[string](v.Tab, `(name) => document.querySelector("[name=" + JSON.stringify(name) + "]").value`, name)
	v.must(err)
	return value
}

// SeesPicture expects a picture with these words for it, and that it is shown
// with its size known before it comes.
func (v *Visitor) SeesPicture(alt string) {
	v.t.Helper()
	wrong, err := evaluate[string](v.Tab, `async (alt) => {
		const img = [...document.images].find((i) => i.alt === alt);
		if (!img) return "it is not there";
		img.scrollIntoView();
		if (!img.complete) await new Promise((done) => { img.onload = img.onerror = done; });
		if (!img.naturalWidth) return "it does not load";
		return img.getAttribute("width") && img.getAttribute("height") && img.loading === "lazy" ? "" : "its size is not known beforehand, or it is not lazy";
	}`, alt)
	v.must(err)
	if wrong != "" {
		v.t.Errorf("picture %q: %s", alt, wrong)
	}
}

// Offline cuts the connection, or restores it.
func (v *Visitor) Offline(cut bool) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: cut, DownloadThroughput: -1, UploadThroughput: -1})
	v.must(err)
	var rules []*network.Conditions
	if cut {
		rules = append(rules, &network.Conditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1})
	}
	_, err = chromedp.Call(v.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: rules})
	v.must(err)
}

// SoonSees waits, for as long as one step may take, until a text is on the page.
func (v *Visitor) SoonSees(text string) {
	v.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if strings.Contains(v.Text("body"), text) {
			return
		}
	}
	v.Sees(text)
}

// Leave opens another page although something typed was not sent.
func (v *Visitor) Leave(path string) {
	v.t.Helper()
	_, err := evaluate[bool](v.Tab, `() => document.body.dispatchEvent(new Event("submit", { bubbles: true }))`) // as if it were sent: the browser does not ask
	v.must(err)
	v.Goto(path)
}
