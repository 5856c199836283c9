-- Owner: ingress. Nobody else reads or writes these tables.
create schema ingress;

create table ingress.repository (
  -- Cinch's own id, the same for ever, also after disconnecting and connecting again.
  id uuid primary key,
  forge text not null,
  forge_uuid text not null,
  full_name text not null,
  state text not null check (state in ('connecting', 'connected', 'disconnecting', 'disconnected')),
  credential_id uuid,
  credential_kind text,
  -- The account that owns the credential; replacing it is asked, never done silently.
  account_uuid text,
  since timestamptz not null,
  created_at timestamptz not null,
  unique (forge, forge_uuid)
);
comment on table ingress.repository is 'owner: ingress';
create index repository_name on ingress.repository (forge, lower(full_name));

create table ingress.hook (
  -- The id in the URL; the row is there before Bitbucket knows the hook.
  id uuid primary key,
  repository_id uuid not null references ingress.repository,
  -- Bitbucket's X-Hook-UUID, in braces, lower case; null until bound.
  forge_uuid text,
  managed boolean not null,
  allow_unsigned boolean not null default false,
  secret bytea not null,
  previous_secret bytea,
  previous_until timestamptz,
  created_at timestamptz not null,
  last_delivery_at timestamptz,
  removed_at timestamptz
);
comment on table ingress.hook is 'owner: ingress';
create unique index hook_forge_uuid on ingress.hook (forge_uuid)
  where forge_uuid is not null and removed_at is null;
create unique index hook_of_repository on ingress.hook (repository_id) where removed_at is null;

create table ingress.sign_in (
  -- Hash of the state parameter: what stands here opens nothing.
  state_hash bytea primary key,
  browser_hash bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table ingress.sign_in is 'owner: ingress';

create table ingress.session (
  id_hash bytea primary key,
  account_uuid text not null,
  account_name text not null,
  credential_id uuid not null,
  form_token text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table ingress.session is 'owner: ingress';

create table ingress.api_token (
  id uuid primary key,
  -- The first characters, so that people can tell their tokens apart.
  prefix text not null,
  token_hash bytea not null unique,
  kind text not null check (kind in ('operator', 'runner')),
  repositories uuid[] not null default '{}',
  name text not null default '',
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
comment on table ingress.api_token is 'owner: ingress';

create table ingress.delivery (
  id uuid primary key,
  hook_id uuid not null,
  repository_id uuid not null,
  event_key text not null,
  request_uuid text,
  attempt int not null,
  -- The request id of attempt 1, as far as it is known: part of every event id of this delivery.
  occasion text not null,
  body_sha256 bytea not null,
  answer int not null,
  outcome text not null,
  events int not null,
  reason text,
  received_at timestamptz not null
);
comment on table ingress.delivery is 'owner: ingress';
create index delivery_newest on ingress.delivery (repository_id, received_at desc);
create index delivery_same on ingress.delivery (hook_id, body_sha256, received_at desc);

-- Projections of the topics, for pages and /api/v1.
create table ingress.push (
  event_id text primary key,
  repository_id uuid not null,
  ref text not null,
  type text not null,
  change text not null,
  old_hash text,
  new_hash text,
  commit_hash text,
  message text,
  author text,
  actor text,
  received_at timestamptz not null
);
comment on table ingress.push is 'owner: ingress; projection of cinch.push.v1';
create index push_newest on ingress.push (repository_id, received_at desc);

create table ingress.commit_status (
  repository_id uuid not null,
  commit_hash text not null,
  status_key text not null,
  -- What the runner last reported ...
  name text,
  number text,
  state text,
  description text,
  url text,
  ref text,
  occurred_at timestamptz,
  -- ... and what became of it on the forge.
  outcome text,
  http_status int,
  attempts int,
  reason text,
  latency_ms bigint,
  outcome_at timestamptz,
  updated_at timestamptz not null,
  primary key (repository_id, commit_hash, status_key)
);
comment on table ingress.commit_status is
  'owner: ingress; projection of cinch.build-state.v1 and cinch.outcome.v1';
create index commit_status_newest on ingress.commit_status (repository_id, updated_at desc);
