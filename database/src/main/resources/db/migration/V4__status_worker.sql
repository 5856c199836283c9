-- Owner: status-worker. Nobody else reads or writes these tables.
create schema status_worker;

-- The records of builds. What a status should say follows from the set of them, not from the order
-- in which they came.
create table status_worker.report (
  repository_id uuid not null,
  commit_hash text not null,
  status_key text not null,
  event_id text not null,
  -- Empty where the runner gave none: then all records of the key are one build.
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
comment on table status_worker.report is 'owner: status-worker';
create index report_contending on status_worker.report (repository_id, commit_hash, status_key)
  where not retired;

-- The board: for each status on Bitbucket which report it should show and which it shows. A due row.
create table status_worker.commit_status (
  repository_id uuid not null,
  commit_hash text not null,
  status_key text not null,
  -- The report that is wanted; every change of it is a new version.
  event_id text not null,
  version bigint not null,
  -- What stands on Bitbucket, as far as it has told.
  posted_event_id text,
  posted_at timestamptz,
  -- Due: claimed by moving due_at past the end of the attempt; claim fences late writers.
  due_at timestamptz,
  claim bigint not null default 0,
  -- Requests made for this version, what it waits for, and why.
  attempts int not null default 0,
  waiting_for text,
  last_reason text,
  primary key (repository_id, commit_hash, status_key)
);
comment on table status_worker.commit_status is 'owner: status-worker';
create index commit_status_due on status_worker.commit_status (due_at) where due_at is not null;
