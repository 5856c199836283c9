-- Owner: status-worker. Nobody else reads or writes these tables.
-- A status is (repository, commit, key, ref). status_worker.commit_status and status_worker.report are
-- the release before's, which has one status for a key: instances of both releases work side by side,
-- so its rows are moved over one by one, and its tables go one release later.

-- The records of builds. What a status should show follows from the set of them, not from the order
-- in which they came.
create table status_worker.build_report (
  repository_id uuid not null,
  commit_hash text not null,
  status_key text not null,
  event_id text not null,
  -- As the record named it; empty where it named none: then other records tell which status it is of.
  ref text not null,
  -- Empty where the runner gave none: then all such records of a ref are one build.
  number text not null,
  sequence bigint,
  occurred_at timestamptz not null,
  final boolean not null,
  -- Where the record lies: decides between records of one instant.
  record_partition int not null,
  record_offset bigint not null,
  recorded_at timestamptz not null,
  traceparent text not null,
  -- The record as it came: what to post, and the dead letter should it become one. Dropped once
  -- retired.
  record_key bytea,
  record_headers jsonb,
  record_value bytea,
  -- An outcome has said how it ended.
  settled boolean not null default false,
  -- It can never be wanted again; kept so that the same event is still known.
  retired boolean not null default false,
  primary key (repository_id, commit_hash, status_key, event_id)
);
comment on table status_worker.build_report is 'owner: status-worker';
create index build_report_contending on status_worker.build_report
  (repository_id, commit_hash, status_key) where not retired;

-- For each status which report it should show, and what it shows. A due row.
create table status_worker.status (
  repository_id uuid not null,
  commit_hash text not null,
  -- The key it has on the forge, for ever; no two statuses of a commit have one. The first ref's is
  -- the lock on all reports of its key.
  shown_key text not null,
  status_key text not null,
  -- Empty where no report of it named one yet.
  ref text not null,
  -- What all its posts say was built; null: nothing.
  shown_ref text,
  -- The report that is wanted; every change of it is a new wanted_version.
  event_id text not null,
  wanted_version bigint not null default 0,
  wanted_since timestamptz not null,
  -- What the forge last confirmed.
  shown_state text,
  shown_account text,
  shown_at timestamptz,
  -- How far what is wanted has come, and the requests made for it.
  progress text not null check (progress in ('pending', 'waiting', 'delivered', 'failed')),
  waiting_for text,
  http_status int,
  attempts int not null default 0,
  requests jsonb not null default '[]',
  reason text,
  warnings text[] not null default '{}',
  -- Of cinch.commit-status.v1.
  version bigint not null default 0,
  changed_at timestamptz not null,
  -- Due: claimed by moving due_at past the end of the attempt; claim fences late writers.
  due_at timestamptz,
  claim bigint not null default 0,
  primary key (repository_id, commit_hash, shown_key),
  unique (repository_id, commit_hash, status_key, ref)
);
comment on table status_worker.status is 'owner: status-worker';
create index status_due on status_worker.status (due_at) where due_at is not null;

-- The pushes of late, so that a status leads back to its delivery where the runner does not say it.
create table status_worker.push (
  repository_id uuid not null,
  commit_hash text not null,
  ref text not null,
  push_id text not null,
  delivery_id text,
  received_at timestamptz not null,
  primary key (repository_id, commit_hash, ref)
);
comment on table status_worker.push is 'owner: status-worker; copy of cinch.push.v1';

-- The release before reads this table's columns by their places, so it gets none. A row that was moved
-- over says so where that release writes its reasons, which it does not read; one that says it of another
-- version was touched by an instance of that release since.
create index commit_status_unmoved on status_worker.commit_status (repository_id, commit_hash, status_key)
  where last_reason is distinct from 'moved over at version ' || version;
