package web

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

// Count counts one request as the server does.
func Count(t *Traffic, c *fiber.Ctx) {
	start := time.Now()
	t.begin()
	t.end(c, time.Since(start))
}
