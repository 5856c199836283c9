-- Owner: ingress. Nobody else reads or writes these tables.
-- Projections of the topics, for pages and /api/v1. A request and its outcomes come from two topics
-- in any order: each has its own half of a row.
create table ingress.release (
  -- ce_id of the record that asked for it
  id text primary key,
  repository_id uuid not null,
  -- Of the first request; until that is seen, of the first outcome.
  requested_at timestamptz not null,
  -- Known from either.
  tag text,
  commit_hash text,
  -- The request that stands here; null until it is seen.
  asked_at timestamptz,
  -- The newest replay: what became of it before counts no more.
  reopened_at timestamptz,
  outcome text,
  reason text,
  warnings text[] not null default '{}',
  -- By the clock of who says so, which orders outcomes ...
  outcome_at timestamptz,
  -- ... and by the broker's, which tells whether it was before the replay.
  outcome_seen_at timestamptz,
  updated_at timestamptz not null
);
comment on table ingress.release is
  'owner: ingress; projection of cinch.release-request.v1 and cinch.outcome.v1';
create index release_newest on ingress.release (repository_id, requested_at desc);

create table ingress.release_file (
  release_id text not null references ingress.release,
  -- In the request; of the checksums in the downloads.
  name text not null,
  -- In the order of the request, the checksums last; null where no request names it (any more).
  position int,
  -- Null where the request's names cannot be had.
  download_name text,
  size bigint,
  sha256 text,
  artifact_id uuid,
  outcome text,
  http_status int,
  attempts int,
  reason text,
  warnings text[] not null default '{}',
  outcome_at timestamptz,
  outcome_seen_at timestamptz,
  primary key (release_id, name)
);
comment on table ingress.release_file is
  'owner: ingress; projection of cinch.release-request.v1 and cinch.outcome.v1';
create index release_file_artifact on ingress.release_file (artifact_id)
  where artifact_id is not null;
