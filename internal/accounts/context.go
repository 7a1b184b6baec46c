package accounts

import "context"

type actorKey struct{}

// WithActor returns a context that says who acts.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorIn is who acts in a request's context; the zero Actor is nobody.
func ActorIn(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}
