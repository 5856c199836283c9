-- Owner: ingress. Bodies of pushes that are too old to be in the log: a signature is valid for as long as its secret, and
-- so a body that comes again is known for as long.
create table ingress.former_body (
  hook_id uuid not null,
  body_sha256 bytea not null,
  -- When it came last.
  came_at timestamptz not null,
  primary key (hook_id, body_sha256)
);
comment on table ingress.former_body is 'owner: ingress';
