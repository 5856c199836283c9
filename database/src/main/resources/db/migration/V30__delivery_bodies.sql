-- Owner: ingress. What deliveries brought, as long as it is kept: to be looked at, and to be replayed.
create table ingress.delivery_body (
  delivery_id uuid primary key,
  -- The key it is encrypted with.
  key_id uuid not null,
  -- As they came, before they were compressed.
  bytes int not null,
  -- Compressed, then encrypted for this row.
  body bytea not null,
  received_at timestamptz not null
);
-- It does not get any smaller.
alter table ingress.delivery_body alter column body set storage external;
comment on table ingress.delivery_body is 'owner: ingress';
create index delivery_body_old on ingress.delivery_body (received_at);

-- The keys of bodies, for each instance one a day (UTC), encrypted with the ingress' keyset: when that changes, a few
-- keys are encrypted anew, and not all bodies.
create table ingress.delivery_body_key (
  id uuid primary key,
  secret bytea not null,
  day timestamptz not null
);
comment on table ingress.delivery_body_key is 'owner: ingress';
create index delivery_body_key_old on ingress.delivery_body_key (day);

-- Owner: ingress. Pushes that somebody had Cinch compose: a few an hour for each repository.
create table ingress.simulation (
  id uuid primary key,
  repository_id uuid not null,
  asked_at timestamptz not null
);
comment on table ingress.simulation is 'owner: ingress';
create index simulation_lately on ingress.simulation (repository_id, asked_at desc);
create index simulation_old on ingress.simulation (asked_at);
