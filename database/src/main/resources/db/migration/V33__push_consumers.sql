-- Owner: ingress. How far each consumer of GET /api/v1/pushes has come, whichever instance it asks.
create table ingress.push_consumer (
  -- Of the API token, as in ingress.api_token; that of the settings has no row there.
  token_hash bytea not null,
  name text not null,
  -- The cursor up to which everything is acknowledged.
  position text not null,
  -- Where the batch ends that was given away and is not acknowledged; null where there is none.
  batch_end text,
  -- From when on somebody else may have that batch.
  batch_free_at timestamptz,
  -- Rises by one with each change of the three above.
  version bigint not null,
  used_at timestamptz not null,
  primary key (token_hash, name),
  check ((batch_end is null) = (batch_free_at is null))
);
comment on table ingress.push_consumer is 'owner: ingress';
create index push_consumer_oldest on ingress.push_consumer (used_at);
