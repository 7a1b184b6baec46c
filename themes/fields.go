package themes

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/internal/web"
)

// form is what a field needs of its page: any view-model that embeds web.Page.
type form interface {
	words
	Value(name string, stored ...string) string
	Chosen(name, option string, stored ...string) bool
	Wrong(name string) string
}

// A Field is one question of a form. Templates make it with "field", refine it
// in a pipeline and give it to a part:
//
//	{{template "textarea" field $ "summary" "experiment.summary" .Card.Summary | max 280 | rows 4}}
type Field struct {
	Page         form
	Name         string
	Key          string // of the label; KEY_help is the help below it, if there is one
	Label        string
	Help         string
	Kind         string // type of an input: text, email, url, search, password
	Autocomplete string
	Unit         string
	Accept       string
	Max, Rows    int
	Weight       int
	Optional     bool

	stored  []string
	choices []Choice
}

// A Choice is one option of a Field.
type Choice struct {
	Value, Label, Help, ID string
	Chosen                 bool
}

// newField makes a field with the label key and what is stored, if anything:
// words, numbers, days, a truth, or a list of words. Zero is an empty field.
func newField(page form, name, key string, stored ...any) Field {
	f := Field{Page: page, Name: name, Key: key, Label: page.T(key), Kind: "text", Rows: 4}
	if page.Has(key + "_help") {
		f.Help = page.T(key + "_help")
	}
	for _, v := range stored {
		f.stored = append(f.stored, storedWords(v)...)
	}
	return f
}

func storedWords(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return []string{v.Format("2006-01-02")}
	case bool:
		if v {
			return []string{"1"}
		}
		return nil
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Slice:
		var all []string
		for i := range r.Len() {
			all = append(all, storedWords(r.Index(i).Interface())...)
		}
		return all
	case reflect.Pointer:
		if r.IsNil() {
			return nil
		}
		return []string{fmt.Sprint(r.Elem().Interface())} // a pointer may hold a zero that was meant
	}
	if r.IsZero() {
		return nil
	}
	return []string{fmt.Sprint(v)}
}

// The refinements of a field. Each returns a changed copy, so that they can
// stand in a pipeline.

func label(s string, f Field) Field        { f.Label = s; return f }
func help(s string, f Field) Field         { f.Help = s; return f }
func limit(n int, f Field) Field           { f.Max = n; return f }
func rows(n int, f Field) Field            { f.Rows = n; return f }
func weight(n int, f Field) Field          { f.Weight = n; return f }
func kind(s string, f Field) Field         { f.Kind = s; return f }
func unit(s string, f Field) Field         { f.Unit = s; return f }
func accept(s string, f Field) Field       { f.Accept = s; return f }
func autocomplete(s string, f Field) Field { f.Autocomplete = s; return f }
func optional(f Field) Field               { f.Optional = true; return f }

// cents fills a field of money from an amount in cents.
func cents(amount int64, f Field) Field {
	if amount == 0 {
		f.stored = nil
		return f
	}
	s := strconv.FormatInt(amount/100, 10)
	if rest := amount % 100; rest != 0 {
		s = fmt.Sprintf("%s,%02d", s, rest)
	}
	f.stored = []string{s}
	return f
}

// options offers values of the domain: prefix and value make the key of each
// label, KEY_help the help below it, if there is one.
func options(prefix string, values any, f Field) (Field, error) {
	r := reflect.ValueOf(values)
	if r.Kind() != reflect.Slice {
		return f, fmt.Errorf("options of %s: want a list, not %T", f.Name, values)
	}
	for i := range r.Len() {
		value := fmt.Sprint(r.Index(i).Interface())
		c := web.Option{Value: value, Label: f.Page.T(prefix + value)}
		if key := prefix + value + "_help"; f.Page.Has(key) {
			c.Help = f.Page.T(key)
		}
		f = choices([]web.Option{c}, f)
	}
	return f, nil
}

// choices offers options whose words the handler made: people, calls, places.
func choices(list []web.Option, f Field) Field {
	for _, o := range list {
		c := Choice{Value: o.Value, Label: o.Label, Help: o.Help, ID: f.ID()}
		if len(f.choices) > 0 { // the first one has the field's own id: the error summary leads there
			c.ID += "-" + strconv.Itoa(len(f.choices)+1)
		}
		c.Chosen = f.Page.Chosen(f.Name, o.Value, f.stored...)
		f.choices = append(f.choices, c)
	}
	return f
}

// ID is the id of the field's control.
func (f Field) ID() string { return f.Name }

// Value is what was typed, or what is stored.
func (f Field) Value() string { return f.Page.Value(f.Name, f.stored...) }

// overtaken is a page whose form was typed while somebody else saved.
type overtaken interface{ Overtaken() bool }

// Theirs says what is stored in a field that holds something else on a page
// whose form was overtaken by somebody; elsewhere nothing.
func (f Field) Theirs() string {
	if page, ok := f.Page.(overtaken); !ok || !page.Overtaken() || f.agrees() {
		return ""
	}
	var words []string
	for _, v := range f.stored {
		words = append(words, f.labelOf(v))
	}
	if len(words) == 0 {
		return f.Page.T("theme.theirs_empty")
	}
	return f.Page.T("theme.theirs", strings.Join(words, ", "))
}

// agrees reports whether what was typed is what is stored.
func (f Field) agrees() bool {
	if len(f.choices) == 0 {
		plain := strings.NewReplacer(",", ".", " ", "", "\u00a0", "", "\n", "")
		return plain.Replace(f.Value()) == plain.Replace(strings.Join(f.stored, ""))
	}
	for _, c := range f.choices {
		if c.Chosen != slices.Contains(f.stored, c.Value) {
			return false
		}
	}
	return true
}

// labelOf is a stored value as a reader knows it.
func (f Field) labelOf(value string) string {
	for _, c := range f.choices {
		if c.Value == value {
			return c.Label
		}
	}
	return value
}

// Wrong says what is wrong with the field, or nothing.
func (f Field) Wrong() string { return f.Page.Wrong(f.Name) }

// Ticked reports whether a single box is ticked.
func (f Field) Ticked() bool { return f.Page.Chosen(f.Name, "1", f.stored...) }

// Choices are the options of the field.
func (f Field) Choices() []Choice { return f.choices }

// Scale is the field with the options 0 to 4.
func (f Field) Scale() Field {
	for i := range 5 {
		f = choices([]web.Option{{Value: strconv.Itoa(i), Label: strconv.Itoa(i)}}, f)
	}
	return f
}

// DescribedBy names the lines that belong to the control.
func (f Field) DescribedBy() string {
	var ids []string
	if f.Help != "" {
		ids = append(ids, f.ID()+"-help")
	}
	if f.Wrong() != "" {
		ids = append(ids, f.ID()+"-wrong")
	}
	if f.Theirs() != "" {
		ids = append(ids, f.ID()+"-theirs")
	}
	if f.Max > 0 {
		ids = append(ids, f.ID()+"-count")
	}
	return strings.Join(ids, " ")
}

// Count says how long the text is and how long it may be: "131 / 280 characters".
func (f Field) Count() string {
	return f.Page.T("theme.count", f.Page.Num(utf8.RuneCountInString(f.Value())), f.Page.Num(f.Max))
}

// CountPattern is Count with {n} where the script puts the length.
func (f Field) CountPattern() string { return f.Page.T("theme.count", "{n}", f.Page.Num(f.Max)) }
