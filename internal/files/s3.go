package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// ErrUnreachable means that the storage of files does not answer, or refuses
// us.
var ErrUnreachable = fault.New(fault.Unavailable, "files.unreachable")

// S3 says where files lie in S3-compatible storage. All nodes of a portal use
// the same bucket.
type S3 struct {
	Endpoint  string // https://HOST[:PORT]
	Bucket    string // has to be there, and should be private
	Region    string // where the storage asks for one
	AccessKey string
	SecretKey string
}

// bucket is a place in S3-compatible storage.
type bucket struct {
	client *minio.Client
	name   string
}

// OpenS3 opens a bucket. It fails with ErrUnreachable when the storage does not
// answer or refuses us, and when there is no such bucket.
func OpenS3(ctx context.Context, s S3) (_ *Store, err error) {
	defer fault.Wrap(&err, "files in bucket %q at %s", s.Bucket, s.Endpoint)
	at, err := url.Parse(s.Endpoint)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil, fmt.Errorf("the address of the storage is no https://HOST[:PORT]")
	}
	client, err := minio.New(at.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(s.AccessKey, s.SecretKey, ""),
		Secure: at.Scheme == "https", Region: s.Region, MaxRetries: 3,
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	there, err := client.BucketExists(ctx, s.Bucket)
	if err == nil && !there {
		err = errors.New("there is no such bucket")
	}
	if err != nil {
		return nil, ErrUnreachable.Because(err)
	}
	return newStore(bucket{client, s.Bucket}), nil
}

func (b bucket) close() error { return nil }

func (b bucket) read(ctx context.Context, name string) ([]byte, error) {
	object, err := b.client.GetObject(ctx, b.name, name, minio.GetObjectOptions{})
	if err != nil {
		return nil, explain(err)
	}
	defer func() { _ = object.Close() }() // only read from
	whole, err := io.ReadAll(object)
	return whole, explain(err)
}

func (b bucket) has(ctx context.Context, name string) (bool, error) {
	_, err := b.client.StatObject(ctx, b.name, name, minio.StatObjectOptions{})
	err = explain(err)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// write sends the file in one request, after which it is there as a whole or
// not at all.
func (b bucket) write(ctx context.Context, name string, content []byte) error {
	_, err := b.client.PutObject(ctx, b.name, name, bytes.NewReader(content), int64(len(content)), minio.PutObjectOptions{
		ContentType: "image/" + sniff(content), CacheControl: "private, immutable", DisableMultipart: true,
	})
	return explain(err)
}

// explain turns what the storage says into what callers expect.
func explain(err error) error {
	if err == nil {
		return nil
	}
	switch answer := minio.ToErrorResponse(err); {
	case answer.Code == minio.NoSuchKey:
		return store.ErrNotFound
	case answer.StatusCode == http.StatusInsufficientStorage, answer.Code == "QuotaExceeded", answer.Code == "XMinioStorageFull":
		return store.ErrFull.Because(err)
	}
	return ErrUnreachable.Because(err)
}
