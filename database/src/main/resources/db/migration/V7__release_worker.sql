-- Owner: release-worker. Nobody else reads or writes these tables.
create schema release_worker;

-- A request for a release. A due row while it is to be prepared: its tag looked up, and what it
-- would replace.
create table release_worker.release (
  -- ce_id of the record that asked for it
  id text primary key,
  repository_id uuid not null,
  tag text not null,
  commit_hash text not null,
  state text not null
    check (state in ('requested', 'sending', 'delivered', 'superseded', 'failed')),
  -- Counts the times it was asked for: a failed release may be replayed.
  round int not null default 1,
  warnings text[] not null default '{}',
  -- The record as it came: what orders releases, and the dead letter should it become one.
  record_partition int not null,
  record_offset bigint not null,
  record_key bytea,
  record_headers jsonb not null,
  record_value bytea,
  recorded_at timestamptz not null,
  traceparent text not null,
  due_at timestamptz,
  claim bigint not null default 0,
  attempts int not null default 0,
  waiting_for text,
  last_reason text
);
comment on table release_worker.release is 'owner: release-worker';
create index release_due on release_worker.release (due_at) where due_at is not null;

create table release_worker.release_file (
  release_id text not null references release_worker.release,
  -- In the order of the request; the checksums come last.
  position int not null,
  name text not null,
  download_name text not null,
  -- Null: the checksums, whose content follows from the other rows.
  source text,
  size bigint not null,
  sha256 text not null,
  state text not null check (state in ('open', 'delivered', 'superseded', 'failed')),
  reason text,
  warnings text[] not null default '{}',
  primary key (release_id, position)
);
comment on table release_worker.release_file is 'owner: release-worker';

-- A place in a repository's downloads, which has room for one file: what is wanted there and what
-- was sent there. A due row while the two differ.
create table release_worker.download (
  repository_id uuid not null,
  name text not null,
  -- The file that is wanted; every change of it is a new version.
  release_id text not null,
  position int not null,
  version bigint not null,
  -- What Bitbucket last confirmed to have taken from us.
  sent_sha256 text,
  sent_size bigint,
  -- What stood there before we began to send, as far as Bitbucket tells; null: nothing.
  before_size bigint,
  before_made_at timestamptz,
  -- An upload of this content began, and how it ended is not known: what is found there now, and did
  -- not stand there before, may be half a file.
  begun_sha256 text,
  begun_size bigint,
  -- What was begun turned out to be wrong: once nothing of it can lie there, the file has failed.
  doomed text,
  due_at timestamptz,
  claim bigint not null default 0,
  -- Requests made for this version, what it waits for, and why.
  attempts int not null default 0,
  waiting_for text,
  last_reason text,
  primary key (repository_id, name)
);
comment on table release_worker.download is 'owner: release-worker';
create index download_due on release_worker.download (due_at) where due_at is not null;
create index download_of_release on release_worker.download (release_id, position);
