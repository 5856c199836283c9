-- Owner: ingress. Nobody else reads or writes these tables.

-- A file that was brought for releases of one repository. Its bytes lie in the store under its id;
-- the same content for two repositories is two artifacts.
create table ingress.artifact (
  id uuid primary key,
  repository_id uuid not null references ingress.repository,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  -- Of the whole file; what a partial one takes from the quota before it is there.
  size bigint not null check (size >= 0),
  -- partial: being uploaded, or an upload that broke off; expired: its bytes are still to be
  -- removed; removed: kept for a while, to say that it was there.
  state text not null check (state in ('partial', 'stored', 'expired', 'removed')),
  -- Counts those who uploaded it: each writes a part of its own.
  claim bigint not null default 0,
  -- How long the upload in progress keeps others out; null: nobody writes any more.
  claimed_until timestamptz,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table ingress.artifact is 'owner: ingress';
create unique index artifact_content on ingress.artifact (repository_id, sha256)
  where state in ('partial', 'stored');
create index artifact_expiry on ingress.artifact (state, expires_at);
