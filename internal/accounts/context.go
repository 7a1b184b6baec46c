package accounts

import "context"

type actorKey struct{}

// WithActor returns a context that carries who acts: API handlers read it
// with ActorIn.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorIn returns who acts in ctx; nobody when it carries nobody.
func ActorIn(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}
