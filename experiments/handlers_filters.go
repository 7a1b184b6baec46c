package experiments

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
)

// offered are the values that a facet may be asked with.
func offered(facet string) []string {
	switch facet {
	case "stage":
		return append(strs(Stages[1:]), string(Soon)) // a draft is in no list that others see
	case "type":
		return strs(Types)
	case "theme":
		return append(valuesOf(sectors("en")), valuesOf(themes("en"))...)
	case "country":
		return valuesOf(countries("en"))
	case "size":
		return strs(accounts.SizeClasses)
	case "needs":
		return []string{NeedsAny, NeedsDoer}
	}
	return nil
}

func strs[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

func valuesOf(list []web.Option) []string {
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = o.Value
	}
	return out
}

// valueName is a value of a facet in words.
func valueName(p i18n.Printer, facet, value string) string {
	switch facet {
	case "type":
		return p.T("experiment.type_" + value)
	case "theme":
		if name := sectorName(p.Lang, value); name != "" {
			return name
		}
		return strings.Join(themeNames(p.Lang, []string{value}), "")
	case "country":
		for _, t := range content.Countries() {
			if t.Key == value {
				return t.In(p.Lang)
			}
		}
		return value
	case "size":
		return p.T("content.size_" + value)
	}
	return p.T(facet + "." + value)
}

// queryOf reads what the address of a list asks for; what it does not know
// asks for nothing.
func queryOf(c *fiber.Ctx) Query {
	ask := func(name string) string { return strings.Clone(strings.ToValidUTF8(c.Query(name), "")) }
	q := Query{Stage: Stage(ask("stage")), Type: Type(ask("type")), Theme: ask("theme"), Country: ask("country"), Size: accounts.SizeClass(ask("size")), Needs: ask("needs"), Order: Order(ask("sort"))}
	if org := accounts.SlugKey(ask("org")); isKey(org) {
		q.Organisation = org
	}
	return q.known()
}

// isKey reports whether a text could be the key of an organisation.
func isKey(s string) bool {
	return len(s) <= 43 && strings.Contains(s, ":") && !strings.ContainsFunc(s, func(r rune) bool {
		return r != ':' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

// Values are the query as it stands in an address.
func (q Query) Values() url.Values {
	v := url.Values{}
	for _, facet := range Facets {
		if asked := *facet.asked(&q); asked != "" {
			v.Set(facet.Name, asked)
		}
	}
	if q.Organisation != "" {
		v.Set("org", accounts.KeySlug(q.Organisation))
	}
	if q.Order != Newest {
		v.Set("sort", string(q.Order))
	}
	return v
}

// at is the address of a list with this query, on a part of it.
func (q Query) at(path string, part int) string {
	v := q.Values()
	if part > 1 {
		v.Set("page", strconv.Itoa(part))
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// without is the query with one facet not asked.
func (q Query) without(facet string) Query {
	for _, f := range Facets {
		if f.Name == facet {
			*f.asked(&q) = ""
		}
	}
	return q
}

// filterView is one select of the form that narrows a list.
type filterView struct {
	Name, Label, All string
	Options          []web.Option
	Chosen           string
}

// chipView is a filter that is on, and the list without it.
type chipView struct {
	Label, Value, URL string
	Count             int // how many there would be without it
}

// filterViews are the facets with the values that would leave something, and
// how much.
func filterViews(p web.Page, q Query, f Found) []filterView {
	list := make([]filterView, 0, len(Facets)+1)
	for _, facet := range Facets {
		v := filterView{Name: facet.Name, Label: p.T("experiment.filter_" + facet.Name), All: p.T("experiment.filter_any"), Chosen: *facet.asked(&q)}
		for _, value := range offered(facet.Name) {
			if n := f.Counts[facet.Name][value]; n > 0 || value == v.Chosen {
				v.Options = append(v.Options, web.Option{Value: value, Label: p.T("experiment.filter_count", valueName(p.Printer, facet.Name, value), p.Num(n))})
			}
		}
		if len(v.Options) > 0 {
			list = append(list, v)
		}
	}
	return list
}

// orderView is the select of the order.
func orderView(p web.Page, q Query) filterView {
	v := filterView{Name: "sort", Label: p.T("experiment.sort"), All: p.T("experiment.sort_newest"), Chosen: string(q.Order)}
	for _, o := range Orders[1:] {
		v.Options = append(v.Options, web.Option{Value: string(o), Label: p.T("experiment.sort_" + string(o))})
	}
	return v
}

// chips are the filters that are on.
func chips(p web.Page, q Query, f Found, path string) []chipView {
	var list []chipView
	for _, facet := range Facets {
		if asked := *facet.asked(&q); asked != "" {
			list = append(list, chipView{
				Label: p.T("experiment.filter_" + facet.Name), Value: valueName(p.Printer, facet.Name, asked),
				URL: q.without(facet.Name).at(path, 1), Count: f.Without[facet.Name],
			})
		}
	}
	return list
}

// helpful are the filters to give up when nothing is found, the one that leaves
// the most first; those that leave nothing are no help.
func helpful(list []chipView) []chipView {
	list = slices.DeleteFunc(slices.Clone(list), func(c chipView) bool { return c.Count == 0 })
	slices.SortStableFunc(list, func(a, b chipView) int { return b.Count - a.Count })
	return list
}
