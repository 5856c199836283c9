-- Owner: ingress. The pushes of the last minutes that came through hooks with several UUIDs: the forge delivers each
-- once for each of them, and one event id serves all.
create table ingress.twin_delivery (
  hook_id uuid not null,
  body_sha256 bytea not null,
  -- Of the one that came first: part of every event id of the push.
  first_request_id text not null,
  -- Under which it has come.
  hook_uuids text[] not null,
  received_at timestamptz not null,
  -- Whether Kafka or the outbox has it: a twin need not publish it again then.
  published boolean not null default false,
  primary key (hook_id, body_sha256, first_request_id)
);
comment on table ingress.twin_delivery is 'owner: ingress';
create index twin_delivery_old on ingress.twin_delivery (received_at);
