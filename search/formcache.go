package search

import "sync"

// formCache remembers the forms of words: a few thousand words make up most of
// every text. When it is full it forgets those that were not met since it was
// full before.
type formCache struct {
	mu     sync.RWMutex
	forms  map[string][][]byte
	before map[string][][]byte
}

// maxRemembered bounds each half of a cache to a few megabytes.
const maxRemembered = 10_000

var formCaches = map[string]*formCache{"fi": {}, "sv": {}, "en": {}, "ru": {}, "kk": {}, noLanguage: {}}

// rememberedForms are formsOf a word, as bytes that nobody may change.
func rememberedForms(w, lang string) [][]byte {
	cache, ok := formCaches[lang]
	if !ok {
		return asBytes(formsOf(w, lang))
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
		list = asBytes(formsOf(w, lang))
	}
	cache.mu.Lock()
	defer cache.mu.Unlock()
	if cache.forms == nil || len(cache.forms) >= maxRemembered {
		cache.before, cache.forms = cache.forms, map[string][][]byte{}
	}
	cache.forms[w] = list
	return list
}

func asBytes(list []string) [][]byte {
	all := make([][]byte, len(list))
	for i, s := range list {
		all[i] = []byte(s)
	}
	return all
}
