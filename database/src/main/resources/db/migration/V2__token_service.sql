-- Owner: token-service. Nobody else reads or writes these tables.
create schema token_service;

create table token_service.credential (
  id uuid primary key,
  kind text not null check (kind in ('oauth', 'access-token', 'api-token')),
  forge text not null,
  -- Who the forge says this is; for an OAuth grant (forge, client, account) is what it is known by.
  client_id text,
  account_uuid text,
  account_name text,
  -- The repository a token was pasted for: what it is probed with.
  repository text,
  scopes text[] not null default '{}',
  -- Ciphertexts, bound to this table, row and column; null once erased.
  authorization_secret bytea,
  refresh_secret bytea,
  -- Counts the tokens that stood here, so that a report about an older one is known to be stale.
  token_version bigint not null,
  token_made_at timestamptz not null,
  expires_at timestamptz,
  state text not null check (state in ('healthy', 'unclear', 'needs-authorization', 'revoked')),
  reason text,
  -- Every change is a compare-and-set on version; putting new tokens in, on token_version.
  version bigint not null,
  -- One refresh at a time: whoever moved this forward may refresh until then.
  refreshing_until timestamptz,
  -- When this credential wants to be refreshed, ahead of need or once more; null: never.
  due_at timestamptz,
  -- Refreshes in a row that gave no token, and how many of them speak against the grant itself.
  failures int not null default 0,
  refusals int not null default 0,
  last_leased_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
comment on table token_service.credential is 'owner: token-service';
create unique index credential_grant on token_service.credential (forge, client_id, account_uuid)
  where kind = 'oauth';
create index credential_due on token_service.credential (due_at) where due_at is not null;

create table token_service.lease_audit (
  credential_id uuid not null,
  caller text not null,
  minute timestamptz not null,
  leases int not null,
  primary key (credential_id, caller, minute)
);
comment on table token_service.lease_audit is 'owner: token-service';
