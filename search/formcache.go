package search

import "sync"

// formCache remembers the forms of words: a few thousand words make up most of
// every text. When it is full it forgets those that were not met since it was
// full before.
type formCache struct {
	mu     sync.RWMutex
	forms  map[string][]string
	before map[string][]string
}

// maxRemembered bounds each half of a cache to a few megabytes.
const maxRemembered = 10_000

var formCaches = map[string]*formCache{"fi": {}, "sv": {}, "en": {}, "ru": {}, "kk": {}, noLanguage: {}}

// rememberedForms are formsOf a word. Nobody may change them.
func rememberedForms(w, lang string) []string {
	cache, ok := formCaches[lang]
	if !ok {
		return formsOf(w, lang)
	}
	cache.mu.RLock()
	list, fresh := cache.forms[w]
	if !fresh {
		list, ok = cache.before[w]
	}
	cache.mu.RUnlock()
	if fresh {
		return list
	}
	if !ok {
		list = formsOf(w, lang)
	}
	cache.mu.Lock()
	defer cache.mu.Unlock()
	if cache.forms == nil || len(cache.forms) >= maxRemembered {
		cache.before, cache.forms = cache.forms, map[string][]string{}
	}
	cache.forms[w] = list
	return list
}
