-- Owner: ingress. Copies of the topics, for pages and /api/v1: what others decide as they say it, and
-- reports and requests as they came. They take the place of ingress.commit_status, ingress.release and
-- ingress.release_file, which go one release later.

-- cinch.commit-status.v1
create table ingress.shown_status (
  repository_id uuid not null,
  commit_hash text not null,
  status_key text not null,
  -- Empty where none.
  ref text not null,
  version bigint not null,
  delivery_id text,
  push_id text,
  -- The event as it came; jsonb would take no NUL in it.
  event text not null,
  changed_at timestamptz not null,
  primary key (repository_id, commit_hash, status_key, ref)
);
comment on table ingress.shown_status is 'owner: ingress; copy of cinch.commit-status.v1';
create index shown_status_newest on ingress.shown_status (repository_id, changed_at desc);
create index shown_status_delivery on ingress.shown_status (delivery_id) where delivery_id is not null;
create index shown_status_push on ingress.shown_status (push_id) where push_id is not null;

-- cinch.build-state.v1
create table ingress.reported_state (
  repository_id uuid not null,
  commit_hash text not null,
  event_id text not null,
  status_key text not null,
  -- These two empty where none.
  ref text not null,
  number text not null,
  state text not null,
  name text not null,
  url text,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  primary key (repository_id, commit_hash, event_id)
);
comment on table ingress.reported_state is 'owner: ingress; copy of cinch.build-state.v1';

-- cinch.release-request.v1; of each id the first request, or the last replay
create table ingress.requested_release (
  id text primary key,
  repository_id uuid not null,
  commit_hash text not null,
  -- The highest holds: a replay has its offset, so that the last one does; any other request has
  -- -1 less its offset, so that the first one does until then.
  precedence bigint not null,
  -- The event as it came.
  event text not null,
  -- When it was first asked for, and when the request came that stands here.
  requested_at timestamptz not null,
  changed_at timestamptz not null
);
comment on table ingress.requested_release is 'owner: ingress; copy of cinch.release-request.v1';
create index requested_release_newest on ingress.requested_release (repository_id, requested_at desc);

create table ingress.requested_artifact (
  release_id text not null references ingress.requested_release on delete cascade,
  artifact_id uuid not null,
  primary key (release_id, artifact_id)
);
comment on table ingress.requested_artifact is 'owner: ingress; copy of cinch.release-request.v1';
create index requested_artifact_releases on ingress.requested_artifact (artifact_id);

-- cinch.release.v1
create table ingress.shown_release (
  id text primary key,
  repository_id uuid not null,
  commit_hash text not null,
  version bigint not null,
  state text not null,
  -- The event as it came.
  event text not null,
  requested_at timestamptz not null,
  changed_at timestamptz not null
);
comment on table ingress.shown_release is 'owner: ingress; copy of cinch.release.v1';
create index shown_release_newest on ingress.shown_release (repository_id, requested_at desc);

create view ingress.known_release as
  select id, repository_id, commit_hash, true as shown, event, requested_at, changed_at
    from ingress.shown_release
  union all
  select id, repository_id, commit_hash, false, event, requested_at, changed_at
    from ingress.requested_release requested
    where not exists (select from ingress.shown_release shown where shown.id = requested.id);
comment on view ingress.known_release is
  'owner: ingress; as the release-worker says, or as it was asked for until that says something';

-- A delivery can be followed to the pushes it became.
alter table ingress.push add column delivery_id uuid;
create index push_delivery on ingress.push (delivery_id) where delivery_id is not null;
create index push_commit on ingress.push (repository_id, commit_hash, received_at desc)
  where commit_hash is not null;
