-- Owner: ingress. Pushes whose body came before and that do not continue their refs: kept for less than a minute, until
-- it is known whether they are to be published.
create table ingress.held_push (
  -- In this order they are published.
  number bigint generated always as identity primary key,
  hook_id uuid not null,
  -- One row for a body, however often it comes meanwhile.
  body_sha256 bytea not null,
  -- Its line in the log.
  delivery_id uuid not null,
  repository_id uuid not null,
  first_request_id text not null,
  attempt int not null,
  trace text not null,
  -- The key it is encrypted with, of ingress.delivery_body_key.
  key_id uuid not null,
  -- As it came, encrypted for this row.
  body bytea not null,
  -- When the body came for the first time, as far as the log goes back.
  came_at timestamptz not null,
  received_at timestamptz not null,
  held_at timestamptz not null,
  unique (hook_id, body_sha256)
);
comment on table ingress.held_push is 'owner: ingress';
create index held_push_of_repository on ingress.held_push (repository_id);
create index held_push_oldest on ingress.held_push (held_at);
